"""Every address, by room. Pages for people exist in both languages: /peta/ and /en/peta/."""

from django.conf.urls.i18n import i18n_patterns

from geo.accounts.urls import urlpatterns as account_patterns
from geo.attachments.urls import machine_patterns as attachment_file_patterns
from geo.attachments.urls import urlpatterns as attachment_patterns
from geo.documents.urls import urlpatterns as document_patterns
from geo.inquiries.urls import urlpatterns as inquiry_patterns
from geo.investment.urls import urlpatterns as investment_patterns
from geo.maps.urls import machine_patterns as outline_patterns
from geo.maps.urls import urlpatterns as map_patterns
from geo.monitor.urls import urlpatterns as monitor_patterns
from geo.opendata.urls import urlpatterns as opendata_patterns
from geo.opportunities.urls import urlpatterns as opportunity_patterns
from geo.pages.urls import urlpatterns as page_patterns
from geo.places.urls import machine_patterns as place_layer_patterns
from geo.places.urls import urlpatterns as place_patterns
from geo.population.urls import urlpatterns as population_patterns
from geo.profiles.urls import urlpatterns as profile_patterns
from geo.roads.urls import machine_patterns as road_layer_patterns
from geo.roads.urls import urlpatterns as road_patterns
from geo.status.urls import urlpatterns as status_patterns
from geo.submissions.urls import urlpatterns as submission_patterns
from geo.travel.urls import machine_patterns as barred_layer_patterns
from geo.travel.urls import urlpatterns as travel_patterns

urlpatterns = [
    *status_patterns,
    *opendata_patterns,
    *outline_patterns,
    *road_layer_patterns,
    *place_layer_patterns,
    *barred_layer_patterns,
    *attachment_file_patterns,
    *i18n_patterns(
        *map_patterns,
        *document_patterns,
        *road_patterns,
        *travel_patterns,
        *place_patterns,
        *population_patterns,
        *profile_patterns,
        *opportunity_patterns,
        *investment_patterns,
        *inquiry_patterns,
        *attachment_patterns,
        *submission_patterns,
        *monitor_patterns,
        *account_patterns,
        *page_patterns,
        prefix_default_language=False,
    ),
]
