"""The file of facts that the check hands to the macros belongs to one command."""

from building import PROJECT
from coproduction.build.checked_exports import write_checked_exports
from coproduction.exports.leaving_out import CheckedExports


def test_a_command_leaves_only_its_own_file(tmp_path):
    checked = CheckedExports(errors=[], notes=[], left_out={"barnet": []}, not_loaded={}, loaded_personal=[])
    earlier = write_checked_exports(checked, tmp_path, "first")
    own = write_checked_exports(checked, tmp_path, "second")
    assert list(tmp_path.iterdir()) == [own]
    assert earlier != own
    assert own.name == "checked_exports.second.json"


def test_the_macros_read_the_file_of_their_own_command():
    macro = (PROJECT / "macros" / "listed_exports.sql").read_text(encoding="utf-8")
    assert '"/checked_exports." ~ invocation_id ~ ".json\'' in macro
