import AuditArchive
import CaptivateIQAPI
import CivilTime
import JSONText
import Logging
import SystemPackage

/// What all commands do alike: read the settings, do the work, write the result, say why it failed.
struct CommandRun {
    let context: ProgramContext
    let flags: [Setting: String]

    /// What a command has to say in the end.
    struct Result {
        /// The result for people; nil where there is none.
        var text: String?
        /// The result for machines.
        var json: String
        /// Why the command failed; nil if it did not.
        var failure: Failure?

        /// A result of these parts.
        init(text: String?, json: String, failure: Failure? = nil) {
            self.text = text
            self.json = json
            self.failure = failure
        }

        /// The result of a command that could not do its work.
        init(_ failure: Failure) {
            self.init(text: nil, json: FailureSummary.json(failure), failure: failure)
        }
    }

    /// Runs a command's work.
    ///
    /// - Parameters:
    ///   - load: reads the command's settings.
    ///   - json: the result for machines where the settings are wrong.
    ///   - work: does the work; says all there is to say in its result.
    func run<Settings>(
        _ load: (inout SettingsReader) throws(SettingsError) -> Settings,
        json: (Failure) -> String = FailureSummary.json,
        _ work: (Settings, Messages) async -> Result
    ) async -> ExitStatus {
        var reader: SettingsReader
        let readerFailure: SettingsError?
        do {
            reader = try SettingsLoader.reader(
                flags: flags, environment: context.environment, fileSystem: context.fileSystem)
            readerFailure = nil
        } catch {
            reader = SettingsReader(SettingsResolver(flags: flags, environment: context.environment))
            readerFailure = error
        }
        // How to speak has to be known before anything can be said; wrong settings are reported by `load`.
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
            return finish(Result(text: nil, json: json(failure), failure: failure), output, messages)
        }
    }

    private func finish(_ result: Result, _ output: OutputSettings, _ messages: Messages) -> ExitStatus {
        messages.clearProgress()
        let isSilent = output.quiet && result.failure == nil
        let lost = isSilent ? nil : write(output.json ? result.json : VisibleText.lines(result.text ?? ""))
        guard let failure = result.failure ?? lost else { return .done }
        messages.fail(failure)
        return failure.status
    }

    /// Writes the result. A reader that went away wants no more of it, which is no failure.
    private func write(_ text: String) -> Failure? {
        guard !text.isEmpty else { return nil }
        do {
            try context.output.write(text)
            return nil
        } catch {
            guard error != .brokenPipe else { return nil }
            return Failure(
                .inputOutput, "the result could not be written: \(error)", at: "standard output",
                advice: ["The command itself did its work. Check where standard output leads to."])
        }
    }
}

extension Messages {
    /// A logger that writes here.
    func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "captivateiq-export") { _ in MessageLogHandler(self, level: level) }
    }

    /// Warns of who else may change the archive.
    func warnOfExposure(_ settings: CommonSettings, _ context: ProgramContext) {
        let layout = ArchiveLayout(root: settings.archive)
        for warning in ArchivePermissions.warnings(layout, fileSystem: context.fileSystem) {
            logger(settings.output.logLevel).warning("\(warning)")
        }
    }
}
