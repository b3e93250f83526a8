import AuditArchive
import AuditSync
import CaptivateIQAPI
import SystemPackage

extension Failure {
    /// The failure that an archive's error leads to.
    init(_ error: ArchiveError) {
        let status: ExitStatus =
            switch error.kind {
            case .damaged, .unknownVersion: .damaged
            case .absent: .absent
            case .notWritable, .noExchange: .notWritable
            case .inputOutput: .inputOutput
            case .resources: .resources
            case .locked: .stopped
            }
        let kind: Kind? =
            switch error.kind {
            case .unknownVersion: .unknownVersion
            case .locked: .locked
            default: nil
            }
        self.init(status, error.summary, at: error.path.string, kind: kind, hints: [error.hint])
    }

    /// The failure that an error of the API leads to.
    init(_ error: APIError) {
        let status: ExitStatus =
            switch error.kind {
            case .unreachable: .unreachable
            case .unusable: .unusable
            case .unauthorized, .forbidden, .firewall: .refused
            case .rateLimited: .stopped
            case .resources: .resources
            // Requests are cancelled only when the sync is stopped, and that case is handled before.
            case .cancelled: .bug
            }
        let kind: Kind? =
            switch error.kind {
            case .forbidden: .forbidden
            case .firewall: .firewall
            case .rateLimited: .rateLimited
            default: nil
            }
        self.init(status, error.summary, at: error.url, kind: kind, hints: [error.hint])
    }

    /// The failure that wrong settings lead to.
    init(_ error: SettingsError) {
        if let only = error.problems.first, error.problems.count == 1 {
            self.init(
                .settings, only.fault, at: only.place, setting: only.name,
                hints: [only.hint.capitalizedFirst.asSentence])
        } else {
            self.init(
                .settings, "\(error.problems.count) settings are wrong or missing", setting: error.problems.first?.name,
                hints: error.problems.map(\.description))
        }
    }

    /// The failure that certificate authorities which cannot be used lead to.
    ///
    /// - Parameters:
    ///   - caFile: where the setting `ca_file` comes from; nil where it is not set.
    ///   - url: what was to be reached.
    init(_ error: TrustRootsError, caFile: SettingSource?, url: String) {
        switch error {
        case .caFile(let path, let reason):
            let setting = SettingTable.connection.caFile.setting
            let problem = SettingProblem.wrong(
                setting, value: path, caFile ?? .flag("--ca-file"),
                "cannot be used, since it \(reason); it has to be a PEM file with at least one certificate")
            self.init(SettingsError(problems: [problem]))
        case .none(let places):
            self.init(
                .unreachable, "no root certificates were found, so no server can be trusted", at: url,
                hints: [
                    "Install them (on Debian: `apt-get install ca-certificates`), or give certificate authorities of your own "
                        + "in a PEM file as ca_file or SSL_CERT_FILE.",
                    "Looked at: \(places.joined(separator: ", "))."
                ])
        }
    }

    /// The failure that the end of a sync or comparison leads to.
    ///
    /// - Parameter stop: why the program was asked to stop; nil if it was not.
    init(_ failure: SyncFailure, stop: StopReason?) {
        switch failure.kind {
        case .archive(let error): self.init(error)
        case .api(let error) where error.kind == .cancelled: self.init(stoppedBy: stop)
        case .api(let error): self.init(error)
        case .foreignOrganization(let expected, let found):
            self.init(
                .damaged,
                "the archive belongs to organization \(expected), and the API answers for \(found)",
                kind: .wrongOrganization,
                hints: [
                    "Nothing of them was written. Use another archive for this token, or the token that belongs to it."
                ])
        case .noneUsable(let count, let reasons):
            self.init(
                .unusable, "none of the \(count) new records from the API can be archived: \(reasons)",
                hints: [
                    "They are kept in the folder quarantine, and nothing is lost. The API seems to have changed its format: "
                        + "look for a newer version of this program."
                ])
        case .malformedRecords(let places):
            self.init(
                .unusable, "the API sent records that are not JSON: \(places)",
                hints: [
                    "All other events are archived. The next sync asks for these records again, and keeps them in quarantine "
                        + "if they come unchanged. Tell CaptivateIQ's support where they are."
                ])
        case .incomplete(let windows):
            self.init(
                .stopped, "the API's pages did not add up for \(windows)",
                hints: ["What was received is archived. The next sync reads it again."])
        case .contradictory(let windows):
            self.init(
                .unusable, "the API's pages did not add up for \(windows), in two syncs running",
                hints: [
                    "What was received is archived, and the next sync reads these days again.",
                    "Ask the vendor why pages, `next` and `total_count` contradict each other; `--log-level debug` shows "
                        + "each request."
                ])
        case .cancelled: self.init(stoppedBy: stop)
        }
    }

    /// A failure that only a bug can lead to.
    static func bug(_ text: String) -> Failure {
        Failure(
            .bug, "unexpected: \(text)",
            hints: ["This is a bug: report it with this message and the lines above. What was committed is safe."])
    }

    private init(stoppedBy reason: StopReason?) {
        guard let reason else {
            self = .bug("the sync was cancelled for no known reason")
            return
        }
        self.init(
            reason.status, reason.summary, kind: reason.kind,
            hints: ["What was received is archived. The next sync goes on from there."])
    }
}

extension String {
    /// The text with a capital letter first.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// The text with a full stop, unless it is a question.
    fileprivate var asSentence: String { hasSuffix("?") ? self : self + "." }
}
