//! What the kernel says of this process's memory.

/// Most memory that was resident since the last [`reset`], in MB (`VmHWM`).
///
/// # Panics
/// Where `/proc` is not Linux's.
pub fn peak() -> u64 {
    read("VmHWM:")
}

/// What is resident now, in MB (`VmRSS`).
///
/// # Panics
/// As [`peak`].
pub fn now() -> u64 {
    read("VmRSS:")
}

/// Lets the peak begin anew from what is resident now.
///
/// # Panics
/// Where the kernel does not let it.
pub fn reset() {
    std::fs::write("/proc/self/clear_refs", "5").expect("the kernel resets the peak");
}

fn read(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the status of this process");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of that name");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number of kB");
    kilobytes / 1024
}
