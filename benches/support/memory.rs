//! What the kernel says of this process's memory.
//!
//! Anonymous memory only (`RssAnon`): SQLite maps its file, and mapped pages are the kernel's to take back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// Looks every few milliseconds until it is asked.
pub struct Watch {
    ended: Arc<AtomicBool>,
    most: Arc<AtomicU64>,
    watching: JoinHandle<()>,
}

impl Watch {
    /// Begins to look.
    pub fn begin() -> Self {
        let (ended, most) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(now())));
        let (until, seen) = (Arc::clone(&ended), Arc::clone(&most));
        let watching = thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                seen.fetch_max(now(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(5));
            }
        });
        Self { ended, most, watching }
    }

    /// The most that was seen, in MB.
    ///
    /// # Panics
    /// Where the watching thread did.
    pub fn end(self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        self.watching.join().expect("the watch ends");
        self.most.load(Ordering::Relaxed)
    }
}

/// What is resident now, in MB.
///
/// # Panics
/// Where `/proc` is not Linux's.
pub fn now() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the status of this process");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a line of that name");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number of kB");
    kilobytes / 1024
}
