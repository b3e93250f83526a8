import AuditArchive
import AuditReport
import CivilTime
import Logging
import SystemPackage

/// The work of `show`: events go to standard output as they are found, what is known of them as a whole comes last.
struct ShowJob {
    /// How events are written.
    enum Form {
        case text, ndjson, csv, json
    }

    private let settings: CommonSettings
    private let context: ProgramContext
    private let messages: Messages
    private let form: Form

    init(_ settings: CommonSettings, _ context: ProgramContext, _ messages: Messages, _ form: Form) {
        self.settings = settings
        self.context = context
        self.messages = messages
        self.form = form
    }

    /// Finds the events and writes them.
    func run(_ query: EventQuery) async -> CommandRunner.Result {
        messages.warnOfExposure(settings, context)
        var sink = OutputSink(settings.output.quiet ? nil : context.output, start: start)
        do throws(ArchiveError) {
            let search = EventSearch(
                ArchiveLayout(root: settings.archive), fileSystem: context.fileSystem, clock: context.clock,
                parallelism: PosixProcess.processorCount)
            let found = try await search.run(query, format(query), separator: separator) { sink.write($0) }
            sink.begin()
            let failure = sink.failure
            report(found, query)
            let isQuiet = settings.output.quiet
            return CommandRunner.Result(
                text: form == .text && !isQuiet ? ShowSummary.text(found, isASCII: !context.isUnicodeLocale) : nil,
                json: form == .json && !isQuiet ? ShowSummary.jsonEnd(found, query) : "", failure: failure,
                status: found.count == 0 ? .negative : .done)
        } catch {
            let failure = Failure(error)
            // An object that was begun is ended, so that it can be read.
            let json = sink.hasBegun ? ShowSummary.jsonEnd(failure) : failure.json
            return CommandRunner.Result(json: form == .json ? json : "", failure: failure)
        }
    }

    private var start: String {
        switch form {
        case .json: #"{"events": ["#
        case .csv: EventCSV.header
        case .text, .ndjson: ""
        }
    }

    private var separator: [UInt8] { form == .json ? Array(", ".utf8) : [] }

    private func format(_ query: EventQuery) -> EventFormat {
        switch form {
        case .ndjson: return context.outputStyle.isTerminal ? .visibleJSON(end: "\n") : .ndjson
        case .json: return .visibleJSON(end: "")
        case .csv: return .csv
        case .text:
            let isOneDay = query.from.flatMap { from in query.through.map { $0.day == from.day } } ?? false
            return .text(
                EventLine(
                    hasColor: context.outputStyle.hasColor, isASCII: !context.isUnicodeLocale, hasDate: !isOneDay))
        }
    }

    /// Says on standard error what standard output has no place for.
    private func report(_ found: EventSearch.Result, _ query: EventQuery) {
        let logger = messages.logger(settings.output.logLevel)
        if form == .ndjson || form == .csv {
            logger.notice("\(ShowSummary.count(found)) \(found.completeness.note)")
        }
        if let generation = query.sinceGeneration {
            if generation > found.generation {
                logger.warning(
                    """
                    The archive is at generation \(found.generation), and \(generation) was asked for: it is an older copy. \
                    If that was put back for good, numbers are used again; begin with a generation from before it
                    """)
            }
            logger.notice(
                "Go on with --since-generation \(found.generation)", metadata: ["generation": "\(found.generation)"])
        }
    }
}

/// Standard output while events go to it. A pipe whose reader has gone away ends the search and is no failure.
private struct OutputSink {
    private let output: (any TextOutput)?
    private let start: String
    private(set) var hasBegun = false
    private(set) var failure: Failure?

    /// Nothing is written without an output. `start` is what comes before the first event.
    init(_ output: (any TextOutput)?, start: String) {
        self.output = output
        self.start = start
    }

    /// Writes what comes first, unless that was done.
    mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        if !start.isEmpty { _ = put(Array(start.utf8)) }
    }

    /// Writes the next events. Returns whether more is wanted.
    mutating func write(_ bytes: [UInt8]) -> Bool {
        begin()
        return failure == nil && put(bytes)
    }

    private mutating func put(_ bytes: [UInt8]) -> Bool {
        guard let output else { return true }
        do {
            try output.write(bytes)
            return true
        } catch {
            if error != .brokenPipe { failure = CommandRunner.lostOutput(error) }
            return false
        }
    }
}
