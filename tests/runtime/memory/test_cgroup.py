"""Container limits, read from directory trees laid out like the kernel's."""

import pytest

from steward.runtime.memory import container_limit

MB = 1024 * 1024


def tree(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_version_2_in_a_container_with_its_own_namespace(tmp_path):
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{512 * MB}\n"}
    assert container_limit(tree(tmp_path, files)) == 512 * MB


def test_of_nested_groups_of_version_2_the_lowest_limit_counts(tmp_path):
    files = {
        "proc/self/cgroup": "0::/system.slice/docker.scope/inner\n",
        "sys/fs/cgroup/system.slice/memory.max": f"{2048 * MB}\n",
        "sys/fs/cgroup/system.slice/docker.scope/memory.max": f"{300 * MB}\n",
        "sys/fs/cgroup/system.slice/docker.scope/inner/memory.max": "max\n",
    }
    assert container_limit(tree(tmp_path, files)) == 300 * MB


def test_version_1_finds_the_group_by_the_memory_controller(tmp_path):
    files = {
        "proc/self/cgroup": "9:cpu,cpuacct:/docker/a\n7:memory,hugetlb:/docker/a\n1:name=systemd:/docker/a\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes": f"{800 * MB}\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/a/memory.limit_in_bytes": "1\n",
    }
    assert container_limit(tree(tmp_path, files)) == 800 * MB


def test_version_1_whose_group_is_mounted_as_the_whole_tree(tmp_path):
    """Docker without namespaces of cgroups: the path is the host's, the mount shows the container's own group."""
    files = {
        "proc/self/cgroup": "7:memory:/docker/f00\n0::/docker/f00\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{256 * MB}\n",
    }
    assert container_limit(tree(tmp_path, files)) == 256 * MB


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"proc/self/cgroup": "0::/\n"},
        {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"},
        {"proc/self/cgroup": "7:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"},
        {"proc/self/cgroup": "nonsense\n", "sys/fs/cgroup/memory.max": "nonsense\n"},
        {"proc/self/cgroup": "0::/../../elsewhere\n", "elsewhere/memory.max": "1\n"},
        {"proc/meminfo": "MemTotal: 123456 kB\n"},
    ],
)
def test_without_a_limit_the_hosts_memory_is_not_used(tmp_path, files):
    assert container_limit(tree(tmp_path, files)) is None
