"""Loads the file of an integration and calls its hooks in one event loop, as its host does: hook-host.py <file>.

Each line of input is a list of calls: the name of a hook, and its arguments by name. Each line of output has what came of them.
"""

import asyncio
import importlib.util
import json
import sys
from types import SimpleNamespace


def load(path):
    spec = importlib.util.spec_from_file_location("modelgate_integration", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


async def call(target, arguments):
    hook = arguments.pop("hook")
    for name, value in arguments.pop("valves", {}).items():
        setattr(target.valves, name, value)
    if "user_api_key_dict" in arguments:
        arguments["user_api_key_dict"] = SimpleNamespace(**arguments["user_api_key_dict"])
    try:
        return {"result": await getattr(target, hook)(**arguments)}
    except Exception as error:
        return {"status": getattr(error, "status_code", None), "detail": getattr(error, "detail", str(error))}


async def beat(beats):
    while True:
        beats.append(1)
        await asyncio.sleep(0.005)


async def main():
    module = load(sys.argv[1])
    target = module.modelgate if hasattr(module, "modelgate") else module.Filter()
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        beats = []
        beating = asyncio.ensure_future(beat(beats))
        outcomes = await asyncio.gather(*(call(target, one) for one in json.loads(line)))
        beating.cancel()
        print(json.dumps([{**outcome, "beats": len(beats)} for outcome in outcomes]), flush=True)


asyncio.run(main())
