"""The door through which gunicorn enters."""

import os
import sys

from django.core.wsgi import get_wsgi_application

# GeoDjango takes NumPy along where it finds it, for arrays that no page of ours asks
# for: 12 MB in every web worker. Commands and jobs do not come through this door.
sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regency_map.settings")
application = get_wsgi_application()
