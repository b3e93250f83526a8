import ArgumentParser
import AuditArchive
import CivilTime
import JSONText
import Logging
import SystemPackage

/// What all commands do: read the settings, do the work, write the result, write why it failed.
struct CommandRunner {
    let context: ProgramContext
    let flags: [String: String]

    /// The result of a command.
    struct Result {
        /// The result for people; nil where there is none.
        var text: String? = nil
        /// The result for machines.
        var json: String
        /// Why the command failed; nil if it did not.
        var failure: Failure? = nil
        /// The code of a command that did its work and whose answer is no.
        var status = ExitStatus.done
        /// The colour of the first word of ``text``, as a terminal has it; nil for none.
        var color: Int? = nil
        /// Whether a failure is one that nobody has to hear of.
        var isSilent = false
        /// Whether it is what was asked for, and no news of success: `quiet` does not swallow it.
        var isAnswer = false
    }

    /// Runs a command's work.
    ///
    /// - Parameters:
    ///   - load: reads the command's settings.
    ///   - json: the result for machines where the settings are wrong.
    ///   - work: does the work and returns all that is to be written about it.
    func run<Settings>(
        _ load: (inout SettingsReader) throws(SettingsError) -> Settings,
        json: (Failure) -> String = \.json,
        _ work: (Settings, Messages) async -> Result
    ) async -> ExitStatus {
        var reader: SettingsReader
        let readerFailure: SettingsError?
        do {
            reader = try SettingsReader.opening(
                flags: flags, environment: context.environment, fileSystem: context.fileSystem, now: context.clock.now()
            )
            readerFailure = nil
        } catch {
            reader = SettingsReader(SettingsResolver(flags: flags, environment: context.environment))
            readerFailure = error
        }
        // The form of messages is needed before the first one is written. `load` reports wrong settings.
        var copy = reader
        let output = OutputSettings(&copy)
        let messages = Messages(output, to: context.errors, style: context.style) { [clock = context.clock] in
            clock.now()
        }
        do throws(SettingsError) {
            if let readerFailure { throw readerFailure }
            let settings = try load(&reader)
            return finish(await work(settings, messages), output, messages)
        } catch {
            let failure = Failure(error)
            return finish(Result(json: json(failure), failure: failure), output, messages)
        }
    }

    private func finish(_ result: Result, _ output: OutputSettings, _ messages: Messages) -> ExitStatus {
        messages.clearProgress()
        if result.isSilent, let failure = result.failure { return failure.status }
        let isSilent = output.quiet && !result.isAnswer && result.failure == nil && result.status == .done
        let lost = isSilent ? nil : write(output.json ? result.json : result.shownText)
        guard let failure = result.failure ?? lost else { return result.status }
        messages.fail(failure)
        return failure.status
    }

    /// Writes the result. It is no failure if the reader of a pipe has gone away.
    private func write(_ text: String) -> Failure? {
        guard !text.isEmpty else { return nil }
        do {
            try context.output.write(text)
            return nil
        } catch {
            guard error != .brokenPipe else { return nil }
            return Self.lostOutput(error)
        }
    }

    /// The failure of a result that could not be written.
    static func lostOutput(_ error: Errno) -> Failure {
        Failure(
            .inputOutput, "the result could not be written: \(error)", at: "standard output",
            hints: ["The command itself did its work. Check where standard output leads to."])
    }
}

extension CommandRunner.Result {
    /// The text as it is shown. Its own colour comes last: what else would be obeyed by a terminal is escaped.
    fileprivate var shownText: String {
        let shown = VisibleText.lines(text ?? "")
        guard let color, let end = shown.firstIndex(of: " ") else { return shown }
        return "\u{1B}[\(color)m\(shown[..<end])\u{1B}[0m\(shown[end...])"
    }

    /// The result of a command that could not do its work.
    init(_ failure: Failure) {
        self.init(json: failure.json, failure: failure)
    }
}

/// A command that takes its surroundings as a value.
protocol ContextCommand: AsyncParsableCommand {
    /// Does the command's work and writes its result and messages.
    func run(_ context: ProgramContext) async -> ExitStatus
}

extension Messages {
    /// Warns if other users may change the archive. With `quiet` that is left out where a sync has said it within the last
    /// day.
    func warnOfExposure(_ settings: CommonSettings, _ context: ProgramContext) {
        let layout = ArchiveLayout(root: settings.archive)
        let warnings = ArchivePermissions.warnings(layout, fileSystem: context.fileSystem)
        guard settings.output.quiet, settings.output.logLevel <= .warning else {
            for warning in warnings { logger(settings.output.logLevel).warning("\(warning)") }
            return
        }
        let memory = WarningMemory(layout, context.fileSystem)
        for warning in memory.unsaid(warnings, at: context.clock.now()) { alert(warning) }
    }
}
