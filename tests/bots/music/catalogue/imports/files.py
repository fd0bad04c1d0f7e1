"""Files as strangers write them: listens of ListenBrainz, tables of MusicBrainz, CSV."""

import io
import json
import tarfile

MBIDS = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(100)]


def listen(listener, artist, *mbids, **more):
    told = {"artist_name": artist, "track_name": "A song", "additional_info": {"artist_mbids": [*mbids]}, **more}
    return json.dumps({"user_name": listener, "listened_at": 1_700_000_000, "track_metadata": told})


def lines(*rows):
    return "".join(f"{row}\n" for row in rows).encode()


def listens(listeners=6, artists=9, each=7):
    """Listens of some who all hear something else, some of it often."""
    return lines(
        *(
            listen(f"listener {who}", f"Band {(who * 2 + number * number) % artists}")
            for number in range(each)
            for who in range(listeners)
        )
    )


def mb_artist(number, name):
    nulls = "\t".join([r"\N"] * 6)
    return (
        f"{number}\t{MBIDS[number]}\t{name}\t{name}\t{nulls}\t2\t\\N\t\\N\t\t0\t2020-01-01 10:00:00.1+00\tf\t\\N\t\\N"
    )


def mb_alias(number, artist, name):
    nulls = "\t".join([r"\N"] * 6)
    return f"{number}\t{artist}\t{name}\t\\N\t0\t2020-01-01 10:00:00.1+00\t\\N\t{name}\t{nulls}\tf\tf"


def mb_tag(number, name):
    return f"{number}\t{name}\t12"


def mb_artist_tag(artist, tag, count):
    return f"{artist}\t{tag}\t{count}\t2020-01-01 10:00:00.1+00"


def tar(mode="w", **members):
    """An archive with these files; `/` in a name is written as `__`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_dot_", "."))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
