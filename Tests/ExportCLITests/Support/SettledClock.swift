import CaptivateIQAPI
import CivilTime

/// A clock that stands still and never makes anybody wait.
struct SettledClock: TimeSource {
    static let noon = Timestamp(rfc3339: "2026-11-23T12:00:00Z") ?? Timestamp(microseconds: 0)

    func now() -> Timestamp { Self.noon }
    func uptime() -> Duration { .zero }
    func sleep(for duration: Duration) async throws(CancellationError) {}
}
