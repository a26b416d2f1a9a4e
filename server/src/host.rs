//! Facts about the machine, as Linux tells them. What cannot be read is left out.

use logical::{Fields, Time};
use rustix::fs::statvfs;
use serde_json::{Map, Value, json};
use std::fs::read_to_string;

/// In how many parts of a second Linux tells the times of processors, whatever its own clock does.
const TICKS: f64 = 100.0;

/// Facts about the machine, named as Vault names them.
pub(crate) fn facts(now: Time) -> Fields {
    let read = |file: &str| read_to_string(file).unwrap_or_default();
    let statistics = read("/proc/stat");
    Fields::of(json!({
        "timestamp": now.to_string(),
        "cpu": processors(&read("/proc/cpuinfo")),
        "cpu_times": processor_times(&statistics),
        "disk": disks(&read("/proc/self/mounts")),
        "host": host(&statistics, &read("/proc/uptime")),
        "memory": memory(&read("/proc/meminfo")),
    }))
}

/// `name : value` lines, a processor's behind an empty line.
fn processors(text: &str) -> Vec<Value> {
    let of_one = |lines: &str| {
        let member = |name: &str| {
            let mut named = lines.lines().filter_map(|line| line.split_once(':'));
            named
                .find(|(key, _)| key.trim() == name)
                .map(|(_, value)| value.trim().to_owned())
        };
        let number = member("processor")?.parse::<u32>().ok()?;
        Some(json!({
            "cpu": number,
            "vendorId": member("vendor_id").unwrap_or_default(),
            "family": member("cpu family").unwrap_or_default(),
            "model": member("model").unwrap_or_default(),
            "modelName": member("model name").unwrap_or_default(),
            "mhz": member("cpu MHz").and_then(|mhz| mhz.parse::<f64>().ok()).unwrap_or_default(),
            "physicalId": member("physical id").unwrap_or_default(),
            "coreId": member("core id").unwrap_or_default(),
        }))
    };
    text.split("\n\n").filter_map(of_one).collect()
}

/// `cpu0 user nice system idle …` lines.
fn processor_times(text: &str) -> Vec<Value> {
    const NAMES: [&str; 10] = [
        "user",
        "nice",
        "system",
        "idle",
        "iowait",
        "irq",
        "softirq",
        "steal",
        "guest",
        "guestNice",
    ];
    let of_one = |line: &str| {
        let mut parts = line.split_whitespace();
        let name = parts
            .next()
            .filter(|name| name.len() > 3 && name.starts_with("cpu"))?;
        let mut shown = Map::from_iter([("cpu".to_owned(), json!(name))]);
        for (name, ticks) in NAMES.into_iter().zip(parts) {
            shown.insert(name.to_owned(), json!(ticks.parse::<f64>().ok()? / TICKS));
        }
        Some(Value::Object(shown))
    };
    text.lines().filter_map(of_one).collect()
}

/// `/dev/vda1 / ext4 …` lines; what is no disk is passed over, because asking a lost network drive may never end.
fn disks(text: &str) -> Vec<Value> {
    let of_one = |line: &str| {
        let mut parts = line.split_whitespace();
        let (device, path, kind) = (parts.next()?, parts.next()?, parts.next()?);
        let room = statvfs(path).ok().filter(|_| device.starts_with("/dev/"))?;
        let (total, free) = (room.f_blocks * room.f_frsize, room.f_bavail * room.f_frsize);
        Some(json!({
            "device": device,
            "path": path,
            "fstype": kind,
            "total": total,
            "free": free,
            "used": total - (room.f_bfree * room.f_frsize).min(total),
        }))
    };
    text.lines().filter_map(of_one).collect()
}

fn host(statistics: &str, uptime: &str) -> Value {
    let system = rustix::system::uname();
    let counted = |name: &str| {
        let mut lines = statistics.lines().filter_map(|line| line.split_once(' '));
        lines
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| value.trim().parse::<u64>().ok())
            .unwrap_or_default()
    };
    let seconds = uptime
        .split('.')
        .next()
        .and_then(|whole| whole.parse::<u64>().ok());
    json!({
        "hostname": system.nodename().to_string_lossy(),
        "os": system.sysname().to_string_lossy().to_lowercase(),
        "kernelVersion": system.release().to_string_lossy(),
        "kernelArch": system.machine().to_string_lossy(),
        "bootTime": counted("btime"),
        "uptime": seconds.unwrap_or_default(),
    })
}

/// `MemTotal: 16384 kB` lines.
fn memory(text: &str) -> Value {
    let bytes = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        lines
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| value.split_whitespace().next()?.parse::<u64>().ok())
            .unwrap_or_default()
            * 1024
    };
    let (total, available) = (bytes("MemTotal"), bytes("MemAvailable"));
    json!({
        "total": total,
        "available": available,
        "used": total.saturating_sub(available),
        "free": bytes("MemFree"),
        "buffers": bytes("Buffers"),
        "cached": bytes("Cached"),
        "swapTotal": bytes("SwapTotal"),
        "swapFree": bytes("SwapFree"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_linux_are_read() {
        let cpu = "processor\t: 0\nvendor_id\t: V\ncpu MHz\t\t: 2600.5\n\nprocessor\t: 1\n\n";
        let cpu = processors(cpu);
        assert_eq!(
            (cpu.len(), &cpu[0]["mhz"], &cpu[1]["cpu"]),
            (2, &json!(2600.5), &json!(1))
        );
        let times = processor_times("cpu  9 9 9 9\ncpu0 150 0 50 100\nintr 5\n");
        assert_eq!(
            times,
            [json!({ "cpu": "cpu0", "user": 1.5, "nice": 0.0, "system": 0.5, "idle": 1.0 })]
        );
        let memory = memory("MemTotal: 10 kB\nMemAvailable: 4 kB\n");
        assert_eq!(
            (&memory["total"], &memory["used"]),
            (&json!(10_240), &json!(6_144))
        );
        assert_eq!(host("btime 77\n", "12.5 3.0\n")["uptime"], json!(12));
    }
}
