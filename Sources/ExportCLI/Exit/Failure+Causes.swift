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
            case .absent: .settings
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
            case .refused: .refused
            case .rateLimited: .stopped
            // Nobody cancels a request but who stops the sync, which is told apart before.
            case .cancelled: .bug
            }
        self.init(status, error.summary, at: error.url, advice: [error.advice])
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
        case .incomplete(let windows):
            self.init(
                .stopped, "the API's pages did not add up for \(windows)",
                advice: ["What was received is archived; the next sync reads it again."])
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
