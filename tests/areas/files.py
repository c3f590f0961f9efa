"""Boundary files of Kabupaten Kotak, written the way publishers write them."""

import json
from pathlib import Path

import pytest

from tests.factories import square

MIRROR = Path(__file__).parents[3] / "shared" / "data" / "mirror" / "wilayah_boundaries"
needs_mirror = pytest.mark.skipif(
    not MIRROR.is_dir(), reason=f"the upstream files are not at {MIRROR}"
)


def tiles() -> dict[str, list]:
    """Rings (lon, lat) of the sixteen villages by code."""
    rings = {}
    for d in range(4):
        for v in range(4):
            shape = square(2 * (d % 2) + v % 2, 2 * (d // 2) + v // 2)
            rings[f"99.01.0{d + 1}.200{v + 1}"] = [[list(p) for p in shape[0][0].coords]]
    return rings


def feature(code: str, rings, kind: str = "Polygon", **properties) -> dict:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"Ubin {code[7]}{code[-1]}", **properties},
        "geometry": None if rings is None else {"type": kind, "coordinates": rings},
    }


def write_geojson(path: Path, features: list[dict], **members) -> Path:
    collection = {"type": "FeatureCollection", **members, "features": features}
    path.write_text(json.dumps(collection))
    return path


def write_kotak(path: Path, **changed) -> Path:
    """Kotak as GeoJSON; ``changed`` replaces the rings of villages, named d1v2 and so on."""
    rings = tiles()
    for name, ring in changed.items():
        rings[f"99.01.0{name[1]}.200{name[3]}"] = ring
    return write_geojson(path, [feature(code, ring) for code, ring in rings.items()])


def write_upstream(folder: Path) -> Path:
    """Kotak as the SQL files of the upstream publisher, latitude first."""

    def sql(path: str, rows: list[str]) -> None:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        head = "/*\nfilename\n*/\nINSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n"
        file.write_text(head + ",\n".join(f"\t{row}" for row in rows) + ";\n")

    def path_of(rings) -> str:
        return json.dumps([[[lat, lon] for lon, lat in ring] for ring in rings])

    villages = [
        f"('{code}','Ubin {code[7]}{code[-1]}',0,0,'{path_of(rings)}')"
        for code, rings in tiles().items()
    ]
    sql("db/kel/99/wilayah_boundaries_kel_99.01.sql", villages)
    outline = path_of(tiles()["99.01.01.2001"])
    sql(
        "db/kec/wilayah_boundaries_kec_99.sql",
        [f"('99.01.0{d}','Petak {d}',0,0,'{outline}')" for d in (1, 2, 3, 4)]
        + [f"('99.02.01','Elsewhere',0,0,'{outline}')"],
    )
    sql(
        "db/kab/wilayah_boundaries_kab_99.sql",
        [f"('99.01','Kabupaten Kotak',0,0,'{outline}')"],
    )
    return folder


def write_register(folder: Path) -> None:
    """A register of Kotak below ``folder``, which stands for the project's data folder."""
    register = folder / "boundaries" / "register"
    register.mkdir(parents=True)
    districts = ["code,name,kind,bps_code,valid_from", "99.01,Kotak,kabupaten,9901,2002-04-10"]
    districts += [f"99.01.0{d},Petak {d},kecamatan,990101{d},2002-04-10" for d in (1, 2, 3, 4)]
    (register / "districts_99.01.csv").write_text("\n".join(districts))
    villages = ["code,name,kind,district_code,district_name,bps_code,bps_name,bps_match,valid_from"]
    villages += [
        f"{code},Ubin {code[7]}{code[-1]},desa,{code[:8]},,,,,2002-04-10" for code in tiles()
    ]
    villages.append("99.01.04.1005,Ubin Baru,kelurahan,99.01.04,,,,,2023-01-01")
    (register / "99.01.csv").write_text("\n".join(villages))
