//! The machine a bench ran on, and what a process took of it.

use std::fs;
use std::time::Duration;

/// Cores, system, and how busy it was with other things: figures mean nothing without.
pub fn described() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    let busy = fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().map(|load| format!(", load {load} before the run")))
        .unwrap_or_default();
    format!("{cores} cores, {system} {processor}{busy}")
}

/// The day, as 2026-11-21.
pub fn today() -> String {
    jiff::Zoned::now().date().to_string()
}

/// Watches a process until it is gone, and tells the most memory it held, in bytes. None where the
/// system does not tell.
pub async fn peak_of(process: Option<u32>) -> Option<u64> {
    let path = format!("/proc/{}/status", process?);
    let mut pace = tokio::time::interval(Duration::from_millis(20));
    let mut peak = None;
    loop {
        pace.tick().await;
        // A process that has ended and was not waited for yet has no memory any more.
        let Some(now) = fs::read_to_string(&path).ok().as_deref().and_then(high_water) else {
            return peak;
        };
        peak = peak.max(Some(now));
    }
}

/// The most memory this process held so far, in bytes. None where the system does not tell.
pub fn own_peak() -> Option<u64> {
    fs::read_to_string("/proc/self/status").ok().as_deref().and_then(high_water)
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_bytes() {
        let status = "Name:\tx\nVmPeak:\t  9999 kB\nVmHWM:\t   20480 kB\nVmRSS:\t 100 kB\n";
        assert_eq!(high_water(status), Some(20_480 * 1024), "resident, not virtual, and the peak");
        assert_eq!(high_water("Name:\tx\nState:\tZ (zombie)\n"), None, "gone");
    }
}
