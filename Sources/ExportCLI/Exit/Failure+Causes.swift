package import AuditArchive
package import AuditSync
package import CaptivateIQAPI
import SystemPackage

extension Failure {
    /// What an archive's error means.
    package init(_ error: ArchiveError) {
        let status: ExitStatus =
            switch error.kind {
            case .damaged: .damaged
            case .absent: .absent
            case .notWritable: .notWritable
            case .inputOutput: .inputOutput
            case .locked: .stopped
            }
        self.init(status, error.summary, at: error.path.string, advice: [error.advice])
    }

    /// What an error of the API means.
    package init(_ error: APIError) {
        let status: ExitStatus =
            switch error.kind {
            case .unreachable: .unreachable
            case .unusable: .unusable
            case .unauthorized: .refused
            case .rateLimited: .stopped
            // Nobody cancels a request but who stops the sync, which is told apart before.
            case .cancelled: .bug
            }
        self.init(status, error.summary, at: error.url, advice: [error.hint])
    }

    /// What an error of the settings means.
    package init(_ error: SettingsError) {
        if let only = error.problems.first, error.problems.count == 1 {
            self.init(.settings, only.fault, at: only.place, advice: [only.remedy.capitalizedFirst + "."])
        } else {
            self.init(
                .settings, "\(error.problems.count) settings are wrong or missing",
                advice: error.problems.map(\.description))
        }
    }

    /// What a sync's failure means.
    ///
    /// - Parameter stop: why it was asked to stop, if it was.
    package init(_ failure: SyncFailure, stop: StopReason?) {
        switch failure.kind {
        case .archive(let error): self.init(error)
        case .api(let error) where error.kind == .cancelled: self.init(stoppedBy: stop)
        case .api(let error): self.init(error)
        case .foreignOrganization(let expected, let found):
            self.init(
                .damaged,
                "the archive belongs to organization \(expected), and the API answered with events of \(found)",
                advice: [
                    "Nothing of them was written. Use another archive for this token, or the token that belongs to it."
                ])
        case .noneUsable(let count, let reasons):
            self.init(
                .unusable, "none of the \(count) new records from the API can be archived: \(reasons)",
                advice: [
                    "They are kept in quarantine, and nothing is lost: the API seems to have changed its format. Look at "
                        + "the folder quarantine, and for a newer version of this program."
                ])
        case .malformedRecords(let places):
            self.init(
                .unusable, "the API sent records that are not JSON: \(places)",
                advice: [
                    "All other events are archived. The next sync asks for these again, and keeps what comes in quarantine "
                        + "if it is the same. Tell CaptivateIQ's support which place it is."
                ])
        case .incomplete(let windows):
            self.init(
                .stopped, "the API's pages did not add up for \(windows)",
                advice: ["What was received is archived; the next sync reads it again."])
        case .contradictory(let windows):
            self.init(
                .unusable, "the API's pages did not add up for \(windows), in two syncs running",
                advice: [
                    "What was received is archived, and the next sync reads these days again.",
                    "Ask the vendor why pages, `next` and `total_count` contradict each other; `--log-level debug` shows "
                        + "each request."
                ])
        case .cancelled: self.init(stoppedBy: stop)
        }
    }

    /// What cannot happen.
    package static func bug(_ text: String) -> Failure {
        Failure(
            .bug, "unexpected: \(text)",
            advice: ["This is a bug: report it with this message and the lines above. What was committed is safe."])
    }

    private init(stoppedBy reason: StopReason?) {
        guard let reason else {
            self = .bug("the sync was cancelled for no known reason")
            return
        }
        self.init(
            reason.status, reason.summary,
            advice: ["What was received is archived; the next sync goes on from there."])
    }
}

extension String {
    /// The text as the beginning of a sentence.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
