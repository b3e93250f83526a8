@testable import ExportCLI
import Logging
import Testing

@Suite("Log lines")
struct LogTests {
    private func messages(
        _ collector: Collector, format: LogFormat = .text, quiet: Bool = false, isTerminal: Bool = false
    ) throws -> Messages {
        let flags: [String: String] = ["log_format": format.rawValue, "quiet": "\(quiet)"]
        var reader = SettingsReader(SettingsResolver(flags: flags, environment: [:]))
        return Messages(
            OutputSettings(&reader), to: collector, style: .init(isTerminal: isTerminal, hasColor: false, width: 40)
        ) { SettledClock.noon }
    }

    @Test("are text with sorted pairs, quoted where that is needed")
    func text() {
        let line = LogLine(
            time: SettledClock.noon, level: .notice, message: "two\nlines",
            metadata: ["url": "https://x/?a=b", "n": "3", "empty": "", "words": "a b", "bell": "\u{7}"])
        #expect(
            line.text(hasColor: false)
                == #"2026-11-23T12:00:00.000000Z notice two\nlines bell="\u0007" empty="" n=3 "#
                + #"url="https://x/?a=b" words="a b""# + "\n")
    }

    @Test("are coloured by level")
    func color() {
        let line = LogLine(time: SettledClock.noon, level: .error, message: "x")
        #expect(line.text(hasColor: true) == "2026-11-23T12:00:00.000000Z \u{1B}[31merror\u{1B}[0m x\n")
    }

    @Test("are JSON objects")
    func json() {
        let line = LogLine(
            time: SettledClock.noon, level: .warning, message: "a \"b\"",
            metadata: ["n": "3", "k": "v\n", "events": "12", "status": "x"])
        #expect(
            line.json
                == #"{"time": "2026-11-23T12:00:00.000000Z", "level": "warning", "message": "a \"b\"", "#
                + #""events": 12, "k": "v\n", "n": "3", "status": "x"}"# + "\n")
    }

    @Test("go through the logger with the metadata of all kinds, from its level on")
    func logger() throws {
        let collector = Collector()
        let messages = try messages(collector)
        var logger = Logger(label: "test") { _ in MessageLogHandler(messages, level: .info) }
        logger[metadataKey: "a"] = "1"
        logger.debug("not written")
        logger.info("written", metadata: ["b": "2"])
        #expect(collector.text == "2026-11-23T12:00:00.000000Z info written a=1 b=2\n")
    }

    @Test("are held back by quiet until the run fails")
    func quiet() throws {
        let collector = Collector()
        let messages = try messages(collector, quiet: true)
        messages.log(.warning, "before")
        #expect(collector.text.isEmpty)
        messages.fail(Failure(.unreachable, "no answer", hints: ["Wait."]))
        #expect(collector.text == "2026-11-23T12:00:00.000000Z warning before\nerror: no answer\n  Wait.\n")
    }

    @Test("are the last ones where there are too many to hold back, and it is said how many were left out")
    func manyHeld() throws {
        let collector = Collector()
        let messages = try messages(collector, quiet: true)
        for number in 1...1234 { messages.log(.notice, "line \(number)") }
        messages.fail(Failure(.unreachable, "no answer", hints: []))
        let lines = collector.text.split(separator: "\n")
        #expect(lines.count == 202)
        #expect(lines[0].contains("1,034 earlier lines left out"))
        #expect(lines[1].hasSuffix("line 1035") && lines[200].hasSuffix("line 1234"))
    }

    @Test("that a person has to see are not held back")
    func alert() throws {
        let collector = Collector()
        let messages = try messages(collector, quiet: true)
        messages.log(.warning, "before")
        messages.alert("look")
        #expect(collector.text == "2026-11-23T12:00:00.000000Z warning look\n")
        try self.messages(collector, format: .json, quiet: true).alert("look")
        #expect(collector.text.hasSuffix(#""level": "warning", "message": "look"}"# + "\n"))
    }

    @Test("of a failure are JSON too when lines are")
    func failure() throws {
        let collector = Collector()
        try messages(collector, format: .json).fail(Failure(.refused, "401", at: "https://x", hints: ["Look."]))
        #expect(
            collector.text
                == #"{"time": "2026-11-23T12:00:00.000000Z", "level": "error", "message": "401", "exit_code": 77, "#
                + #""hint": "Look.", "kind": "unauthorized", "place": "https://x"}"# + "\n")
    }

    @Test("take turns with the progress line, which is as wide as the terminal at most")
    func progress() throws {
        let collector = Collector()
        let messages = try messages(collector, isTerminal: true)
        messages.show(progress: String(repeating: "p", count: 60))
        messages.log(.notice, "news")
        messages.clearProgress()
        messages.clearProgress()
        let line = String(repeating: "p", count: 39)
        let erase = "\r\u{1B}[2K"
        let news = "2026-11-23T12:00:00.000000Z notice news\n"
        #expect(collector.text == erase + line + erase + news + line + erase)
    }
}
