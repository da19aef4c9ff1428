"""Drives the unmodified MemoryOS client against a running server and checks what it parses.

    python3 official_client.py <folder of the installed packages> <base URL> <API key> <list|object>

The last word says in which of its two forms the server tells the status of a task.

Prints one line per step and `done`; the first thing that is not as expected ends it with a traceback and exit code 1.
Any warning, any line the client logs as one, and any connection beyond this machine counts as that.
"""

import base64
import inspect
import json
import logging
import sys
import time
import types
import uuid
import warnings
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

FOLDER, BASE_URL, API_KEY, STATUS_FORM = sys.argv[1:5]
CONVERSATION = "0610"
MESSAGES = [
    {"role": "user", "content": "I have booked a trip to Guangzhou for the summer vacation.", "chat_time": "2026-05-01 09:00:00"},
    {"role": "assistant", "content": "Enjoy the early tea there."},
    {"role": "user", "content": "Never suggest seafood restaurants."},
    {"role": "user", "content": "我住在里昂。"},
]


def refuse_other_machines(event: str, arguments: tuple) -> None:
    """The vendor's hosts are the client's default; nothing may ever be sent there."""
    if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", b"127.0.0.1"):
        raise AssertionError(f"asked for the address of {arguments[0]!r}")
    if event == "socket.connect" and arguments[1][0] != "127.0.0.1":
        raise AssertionError(f"connected to {arguments[1]!r}")


class WarningsAsErrors(logging.Handler):
    """The client logs what goes wrong and tries again; a try that failed must not go unseen."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


def import_client() -> type:
    """The client's own module, as it was installed.

    Importing `memos` itself would start the vendor's whole engine. So the package is announced under its name with its real path but
    without running its `__init__`, and of the libraries of that engine the single class that the client's types name is stood in for.
    """
    sys.path.insert(0, FOLDER)
    package = types.ModuleType("memos")
    package.__path__ = [str(Path(FOLDER) / "memos")]
    sys.modules["memos"] = package
    transformers = types.ModuleType("transformers")
    transformers.DynamicCache = type("DynamicCache", (), {})
    sys.modules["transformers"] = transformers
    from memos.api.client import MemOSClient

    assert Path(inspect.getfile(MemOSClient)).is_relative_to(FOLDER), "another copy of the client was imported"
    return MemOSClient


def step(name: str) -> None:
    assert WARNINGS.records == [], f"{name}: the client warned: {WARNINGS.records}"
    print(name, flush=True)


def accepts(method: object, parameter: str) -> bool:
    return parameter in inspect.signature(method).parameters


def texts(items: list | None) -> str:
    return json.dumps([item.model_dump() for item in items or []], ensure_ascii=False)


def check_ok(reply: object) -> None:
    assert (reply.code, reply.message) == (0, "ok"), (reply.code, reply.message)


def remember(client: object, user: str) -> str:
    reply = client.add_message(
        MESSAGES, user, CONVERSATION, tags=["travel"], info={"scene": "booking"}, app_id="client", async_mode=False, source="script"
    )
    check_ok(reply)
    assert reply.success is True
    assert reply.status == "completed", reply.status
    assert str(uuid.UUID(reply.task_id)) == reply.task_id
    step("add_message")
    return reply.task_id


def search(client: object, user: str) -> list[str]:
    reply = client.search_memory("Where did I book a trip to?", user, CONVERSATION, filter={"and": [{"scene": "booking"}]})
    check_ok(reply)
    assert "Guangzhou" in texts(reply.memories), texts(reply.memories)
    for item in reply.memories:
        raw = item.model_dump()
        assert 0 <= raw["relativity"] <= 1, raw
        assert isinstance(raw["create_time"], int) and raw["create_time"] > 10**12, raw
    assert reply.tool_memories == []

    reply = client.search_memory("Which seafood restaurants are good?", user, CONVERSATION)
    assert "seafood" in texts(reply.preferences), texts(reply.preferences)
    assert isinstance(reply.data.model_dump()["preference_note"], str)
    assert client.search_memory("我住在哪里？", user, CONVERSATION).memories[0].model_dump()["memory_value"].find("里昂") >= 0
    step("search_memory")
    if accepts(client.search_memory, "include_memory_view"):
        views = client.search_memory("restaurants", user, include_memory_view=["preference"], relativity=0, include_skill=True)
        assert views.memories == [] and views.preferences != [], texts(views.memories)
        step("search_memory by view")
    return [item.model_dump()["id"] for item in reply.preferences]


def read_back(client: object, user: str) -> list[str]:
    messages = client.get_message(user, CONVERSATION, message_limit_number=10)
    check_ok(messages)
    assert [item.model_dump()["content"] for item in messages.messages] == [item["content"] for item in MESSAGES], texts(messages.messages)
    step("get_message")

    page = client.get_memory(user, size=50, page=1)
    check_ok(page)
    assert "Guangzhou" in texts(page.memories) and "seafood" in texts(page.preferences), page
    ids = [item.model_dump()["id"] for item in page.memories]
    if hasattr(page.data, "total"):
        assert page.data.total >= len(ids) and (page.data.current, page.data.pages, page.data.size) == (1, 1, 50), page.data
    step("get_memory")
    if hasattr(client, "get_memory_by_id"):
        found = client.get_memory_by_id(ids[0])
        assert found["code"] == 0 and found["data"]["id"] == ids[0] and found["data"]["user_id"] == user, found
        step("get_memory_by_id")
    return ids


def talk(client: object, user: str, expected: str) -> None:
    reply = client.chat(user, "0928", "Where did I book a trip to?", tags=["asked"], app_id="client")
    check_ok(reply)
    assert reply.response == expected, reply.response
    step("chat")
    if not accepts(client.chat, "stream"):
        return
    pieces = client.chat(user, "0928", "And where do I live?", stream=True, model_name="qwen3-32b")
    assert isinstance(pieces, Iterator)
    events = [json.loads(piece) for piece in pieces]
    assert all(isinstance(event["data"], str) for event in events), events
    joined = {kind: "".join(event["data"] for event in events if event["type"] == kind) for kind in ("reasoning", "text")}
    assert joined == {"reasoning": "她住在里昂。", "text": expected}, joined
    assert events[-1] == {"type": "end", "data": ""} and [event["type"] for event in events].count("end") == 1, events
    step("streamed chat")


def ask_status(client: object, task_id: str) -> None:
    if not accepts(client.delete_memory, "user_id"):
        # Up to 2.0.23 the client takes only a list here, which this server gives on demand alone.
        if STATUS_FORM == "list":
            reply = client.get_task_status(task_id)
            check_ok(reply)
            assert [item.status for item in reply.data] == ["completed"], reply
            step("get_task_status")
        return
    reply = client.get_task_status(task_id)
    check_ok(reply)
    assert (reply.data.task_id, reply.data.status) == (task_id, "completed"), reply
    assert reply.data.memory_views["added"] >= 3, reply
    step("get_task_status")


def correct(client: object, user: str) -> None:
    """What changes memories: feedback, and where the client knows it, an update by id."""
    said = client.add_message([{"role": "user", "content": "My cat is called Biscuit."}], f"{user}-cat", "cats", async_mode=False)
    check_ok(said)
    reply = client.add_feedback(feedback_content="Replace Biscuit with Mango.", user_id=f"{user}-cat", conversation_id="cats")
    check_ok(reply)
    assert reply.success is True and str(uuid.UUID(reply.task_id)) == reply.task_id and reply.status in ("running", "completed"), reply

    def values() -> list[str]:
        return [item.model_dump()["memory_value"] for item in client.get_memory(f"{user}-cat").memories]

    wait_for(lambda: values() == ["My cat is called Mango."])
    step("add_feedback")
    if not hasattr(client, "update_memory"):
        return
    memory_id = client.get_memory(f"{user}-cat").memories[0].model_dump()["id"]
    updated = client.update_memory(memory_id, content="My cat is called Pepper.", title="Cat")
    assert updated["code"] == 0 and updated["data"] == {"success": True}, updated
    assert client.get_memory_by_id(memory_id)["data"]["content"] == "My cat is called Pepper."
    step("update_memory")


def wait_for(holds: object) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)


def plain(item: object) -> dict:
    """The client leaves some items as they came."""
    return item if isinstance(item, dict) else item.model_dump()


def keep_documents(client: object, user: str) -> None:
    base = client.create_knowledgebase(knowledgebase_name="Manual", knowledgebase_description="How things work")
    check_ok(base)
    base_id = base.knowledgebase_id
    content = base64.b64encode(b"# Returns\n\nGoods can be returned within 30 days with the receipt.\n").decode()
    added = client.add_knowledgebase_file_json(base_id, [{"content": content, "name": "returns.md"}])
    check_ok(added)
    path = Path.home() / "opening.txt"
    path.write_text("The shop opens at nine in the morning, and on Sundays at noon.")
    newer = accepts(client.get_knowledgebase_file, "knowledgebase_id")
    if not newer:
        # The older client leaves the file it sends open.
        warnings.simplefilter("ignore", ResourceWarning)
    formed = client.add_knowledgebase_file_form(base_id, [str(path)])
    check_ok(formed)
    ids = [plain(item)["id"] for item in [*added.data, *formed.data]]

    def states() -> list[str]:
        return [plain(item)["status"] for item in client.get_knowledgebase_file(file_ids=ids).files]

    wait_for(lambda: states() == ["completed", "completed"])
    if newer:
        listed = client.get_knowledgebase_file(knowledgebase_id=base_id)
        check_ok(listed)
        assert sorted(plain(item)["id"] for item in listed.files) == sorted(ids), listed
    found = client.search_memory("How long can goods be returned?", user, CONVERSATION, knowledgebase_ids=[base_id])
    assert "30 days" in texts(found.memories), texts(found.memories)
    step("knowledge bases and files")
    assert client.delete_knowledgebase_file(file_ids=ids[:1]).success is True
    assert client.delete_knowledgebase(knowledgebase_id=base_id).success is True
    step("delete knowledge bases and files")


def without_storing(client: object) -> None:
    if not hasattr(client, "extract_memory"):
        return
    extracted = client.extract_memory([{"role": "user", "content": "I have booked a trip to Guangzhou for the summer vacation."}])
    assert extracted["code"] == 0 and "Guangzhou" in json.dumps(extracted["data"]["memory_detail_list"]), extracted
    step("extract_memory")
    ranked = client.rerank("Where does she live?", ["The weather is fine.", "She lives in Lyon."], top_n=1)
    assert "code" not in ranked and ranked["results"][0]["index"] == 1 and len(ranked["results"]) == 1, ranked
    step("rerank")


def profiles(client: object, user: str) -> None:
    if not hasattr(client, "bind_profile_template"):
        return
    made = client._post_json_dict("add/profile_template", {"name": "People", "metadata": {"City": {"value": ""}}}, "add profile template")
    template = made["data"]["profile_template_id"]
    bound = client.bind_profile_template([{"user_id": user, "profile_template_id": template}])
    assert bound["data"] == {"success": True}, bound
    edited = client.edit_profile(template, user_id=user, metadata={"City": {"value": "Lyon"}})
    assert edited["data"] == {"success": True}, edited
    listed = client.get_memory(user, include_memory_view=["profile"]).data.model_dump()["profile_detail_list"]
    assert listed[0]["properties"] == {"City": {"value": "Lyon", "algorithm_updatable": True}}, listed
    assert client.delete_profile(template, user_id=user)["data"] == {"success": True}
    step("profiles")


def delete(client: object, user: str, ids: list[str]) -> None:
    def left() -> list[str]:
        return [item.model_dump()["id"] for item in client.get_memory(user, size=50).memories]

    reply = client.delete_memory([user], [ids[0]])
    check_ok(reply)
    assert reply.success is True
    assert left() == ids[1:], "only the named memory goes, although its user is named as well"
    step("delete_memory by user_ids and memory_ids")
    if not accepts(client.delete_memory, "user_id"):
        return
    assert client.delete_memory(memory_ids=[ids[1]], memory_type="detail_factual").success is True
    assert left() == ids[2:]
    step("delete_memory by memory_ids")
    assert client.delete_memory(user_id=user).success is True
    assert left() == [] and client.get_message(user, CONVERSATION).messages == []
    step("delete_memory by user_id")


def main() -> None:
    client = import_client()(api_key=API_KEY, base_url=BASE_URL)
    logging.getLogger().addHandler(WARNINGS)
    user = f"python-{distribution('MemoryOS').version}"
    step(f"MemoryOS {distribution('MemoryOS').version}")
    task_id = remember(client, user)
    search(client, user)
    ids = read_back(client, user)
    talk(client, user, "你去过广州，住在里昂。\u2028😀")
    ask_status(client, task_id)
    correct(client, user)
    keep_documents(client, user)
    without_storing(client)
    profiles(client, user)
    delete(client, user, ids)
    step("done")


WARNINGS = WarningsAsErrors()
sys.addaudithook(refuse_other_machines)
main()
