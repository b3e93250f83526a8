import AuditArchive
import CivilTime
import JSONText

/// A sync's figures for Prometheus, in the text that the node exporter's textfile collector reads.
struct SyncMetrics: Sendable {
    /// The archive's folder, for a label.
    var archive: String
    /// The id of the organization, for a label; empty until it is known.
    var organization: String
    /// The program's version.
    var version: String
    /// What is said of the archive and its runs.
    var freshness: Freshness
    /// The code that the sync ends with.
    var exitCode: Int
    /// What syncs have counted since figures are written.
    var totals: SyncTotals

    private static let prefix = "captivateiq_export_"

    /// The file's text.
    var text: String {
        let labels = "archive=\(Self.quoted(archive)),organization=\(Self.quoted(organization))"
        // A success that never was is longer ago than any: an alert on its age fires.
        let success = freshness.lastSuccessAt.map(Self.seconds) ?? "0"
        let complete = freshness.completeThrough.map { Self.seconds($0.advanced(by: 1).start) }
        return Self.metric(
            "last_success_timestamp_seconds", "gauge", "When a sync last succeeded; 0 for never.", labels, success)
            + Self.metric(
                "last_event_timestamp_seconds", "gauge", "The time of the newest archived event; NaN without one.",
                labels,
                freshness.lastEventTimestamp.map(Self.seconds) ?? "NaN")
            + Self.metric(
                "complete_through_timestamp_seconds", "gauge",
                "The end of the newest date that is final with all before it; NaN without one.", labels,
                complete ?? "NaN")
            + Self.metric("requests_total", "counter", "Requests that syncs have sent.", labels, "\(totals.requests)")
            + Self.metric("events_total", "counter", "Events that syncs have archived.", labels, "\(totals.events)")
            + Self.metric(
                "quarantined_total", "counter", "Records that syncs have put aside.", labels, "\(totals.quarantined)")
            + Self.metric("exit_code", "gauge", "The exit code of the last sync.", labels, "\(exitCode)")
            + Self.metric("info", "gauge", "The program.", "\(labels),version=\(Self.quoted(version))", "1")
    }

    private static func metric(
        _ name: String, _ type: String, _ help: String, _ labels: String, _ value: String
    ) -> String {
        "# HELP \(prefix)\(name) \(help)\n# TYPE \(prefix)\(name) \(type)\n\(prefix)\(name){\(labels)} \(value)\n"
    }

    /// A label's value, escaped as OpenMetrics says.
    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// Seconds since 1970, to the microsecond.
    private static func seconds(_ time: Timestamp) -> String {
        let (whole, part) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard part != 0 else { return "\(whole)" }
        let digits = String(String(1_000_000 + part.magnitude).dropFirst())
        return "\(time.microseconds < 0 && whole == 0 ? "-" : "")\(whole).\(digits)"
    }
}

/// What the syncs of an archive have counted since figures are written. Kept in the archive's private folder; where it is
/// lost, the counters begin anew, as counters may.
struct SyncTotals: Equatable, Sendable {
    /// Requests sent.
    var requests = 0
    /// Events archived.
    var events = 0
    /// Records put aside.
    var quarantined = 0

    private static let largest = 1 << 53

    /// Adds what a sync counted.
    mutating func add(requests: Int, events: Int, quarantined: Int) {
        self.requests = min(Self.largest, self.requests + requests)
        self.events = min(Self.largest, self.events + events)
        self.quarantined = min(Self.largest, self.quarantined + quarantined)
    }

    /// The file's text.
    func encoded() -> [UInt8] {
        Array("{\"requests\": \(requests), \"events\": \(events), \"quarantined\": \(quarantined)}\n".utf8)
    }

    /// Nothing counted yet.
    init() {}

    /// Reads the file's text; nil if it cannot be made sense of.
    init?(decoding bytes: [UInt8]) {
        var counts: [String: Int] = [:]
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in counts[key] = try reader.readInteger() }
            try reader.finish()
        } catch {
            return nil
        }
        guard counts.values.allSatisfy({ (0...Self.largest).contains($0) }) else { return nil }
        requests = counts["requests"] ?? 0
        events = counts["events"] ?? 0
        quarantined = counts["quarantined"] ?? 0
    }
}
