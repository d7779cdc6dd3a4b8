"""What is read of small files."""

from pathlib import Path
import tracemalloc

from custom_components.pihole_checkpoint.engine.files import read_small

_MOST = 32 * 1024 * 1024


def test_a_small_file_takes_little_memory_however_much_it_might_have(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"{}")

    tracemalloc.start()
    try:
        content = read_small(path, _MOST)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert content == b"{}"
    assert peak < 1024 * 1024


def test_a_file_with_more_than_its_size_says_is_read_whole_or_not_at_all() -> None:
    path = Path("/proc/self/limits")  # which says that it is empty
    content = path.read_bytes()
    assert path.stat().st_size == 0 < len(content)

    assert read_small(path, len(content)) == content
    assert read_small(path, len(content) - 1) is None
