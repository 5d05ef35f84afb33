import json, time
from tests.engine.conftest import *
from tests.engine import test_kills as tk
from tests.engine import recovery
from tests.engine.workbench import short
def test_try(bench, aws):
    name="adopt"; n=1
    stack = bench(tk.ONE % (name, name), name=name, throw_away=False, env={tk.KILL: str(n)})
    assert stack.up().code == -9
    del stack.env[tk.KILL]
    time.sleep(0.5)
    recovery.unlock(stack)
    print("PEND", json.dumps(stack.export()["pending_operations"],indent=1)[:1500])
    cut = {o["resource"]["urn"]: o["resource"] for o in stack.export()["pending_operations"]}
    buckets, keys = recovery.tagged(aws, f"demo/{name}/")
    print(buckets, keys)
    flags: list[str] = []
    for urn in cut:
        kind = short(urn).split()[0]
        found = {"Bucket": name, "Key": next(iter(keys), "").rsplit("/", 1)[-1], "Alias": f"alias/{name}"}[kind]
        flags += ["--import-pending-creates", urn, "--import-pending-creates", found]
    r=stack.refresh(*flags); print(r.said)
    print("STATE", json.dumps({k:(v.get("id"),v.get("inputs"),v.get("parent")) for k,v in stack.state().items()}, indent=1))
    r=stack.up(preview=True); print(r.said, r.ops())
    assert 0
