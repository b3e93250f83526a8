import AuditSync
import CivilTime

/// The result of a check, for people and for machines.
struct CheckSummary: Sendable {
    private static let resultWidth = 6
    private static let nameWidth = 14

    private let report: CheckReport

    /// The summary of what was found out.
    init(_ report: CheckReport) { self.report = report }

    /// Why a sync would fail; nil if it would not.
    var failure: Failure? { report.failure }

    /// A line for each thing, in lines of at most `width` characters where there is such a bound.
    func text(width: Int?) -> String {
        let things = report.lines.map { Self.text($0.result.rawValue, $0.name, $0.detail, width) }
        let settings = report.settings.map { setting in
            Self.text(
                CheckLine.Result.ok.rawValue, "setting",
                "\(setting.name) = \(setting.value ?? "(none)")   (\(setting.source))", width)
        }
        // What a sync would cost comes last, where the eye ends up.
        let place = report.lines.firstIndex { ["archive", "next sync"].contains($0.name) } ?? things.count
        return (things[..<place] + settings + things[place...]).joined()
    }

    /// A line, and what does not fit on it below its text; or below its name, where the lines are short.
    private static func text(_ result: String, _ name: String, _ detail: String, _ width: Int?) -> String {
        let head = padded(result, resultWidth)
        guard let width else { return "\(head)\(padded(name, nameWidth))\(detail)\n" }
        let isNarrow = width < 60
        let indent = resultWidth + (isNarrow ? 0 : nameWidth)
        let margin = String(repeating: " ", count: indent)
        let lines = TextFrame(width: width).wrapped(detail, to: max(14, width - indent))
            .joined(separator: "\n\(margin)")
        return isNarrow ? "\(head)\(name)\n\(margin)\(lines)\n" : "\(head)\(padded(name, nameWidth))\(lines)\n"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        let hasWarning = report.lines.contains { $0.result == .warning }
        object.add("outcome", failure == nil ? (hasWarning ? "warnings" : "ok") : "failed")
        object.add("checks", objects: report.lines.map(\.object))
        object.add("settings", objects: report.settings.map(\.object))
        object.add("next_sync", json: report.cost?.object.text ?? "null")
        object.add("requests", report.requests)
        object.add("error", json: failure?.object.text ?? "null")
        return object.text + "\n"
    }
}

extension CheckLine {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("name", name)
        object.add("result", result.rawValue)
        object.add("detail", detail)
        object.add("exit_code", failure.map { Int($0.status.rawValue) })
        object.add("hint", failure.map { $0.hints.joined(separator: " ") })
        return object
    }
}

extension SettingLine {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("name", name)
        object.add("value", value)
        object.add("source", source)
        return object
    }
}

extension SyncCost {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("from", estimate.from?.description)
        object.add("events", estimate.events)
        object.add("requests", estimate.requests)
        object.add("duration_seconds", seconds: duration)
        object.add("budget_hours", seconds: .milliseconds(Int((min(hours, 1e9) * 1000).rounded(.up))))
        return object
    }
}
