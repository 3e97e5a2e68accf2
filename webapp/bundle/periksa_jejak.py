"""Memeriksa berkas jejak audit Sinergi Desa tanpa perangkat lain: python3 periksa_jejak.py [folder]

Checks an exported audit trail with the standard library alone: every event's hash is recomputed over its canonical JSON, which holds the hash of
the event before; then the newest link and every head that was written outside the database are compared. Exit status 0 when all holds, 1 when not.
"""

import hashlib
import json
import sys
from pathlib import Path

GENESIS = "0" * 64


def main(folder: Path) -> int:
    """Check the bundle in the folder and say what was found."""
    newest, count, hashes, explained = GENESIS, 0, {}, set()
    with (folder / "events.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            count += 1
            told = event.pop("hash")
            body = json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            if event["seq"] != count:
                return _broken(f"peristiwa {count} hilang")
            if event["prev"] != newest or hashlib.sha256(body.encode()).hexdigest() != told:
                return _broken(f"peristiwa {event['seq']} berubah")
            newest = hashes[count] = told
            if event["action"] == "audit.explained":
                explained |= {(seq, hash_) for seq, hash_ in json.loads(event["detail"])["heads"]}
    head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    if (head["seq"], head["hash"]) != (count, newest):
        return _broken(f"kepala rantai menunjuk peristiwa {head['seq']}, rantai berakhir di {count}")
    for outside in json.loads((folder / "outside.json").read_text(encoding="utf-8")):
        if hashes.get(outside["seq"]) != outside["hash"] and (outside["seq"], outside["hash"]) not in explained:
            return _broken(f"kepala {outside['day']} (peristiwa {outside['seq']}) tidak ada di rantai")
    print(f"UTUH: {count} peristiwa, kepala {newest}")
    return 0


def _broken(sentence: str) -> int:
    print(f"TIDAK UTUH: {sentence}")
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
