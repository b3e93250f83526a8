import AuditSync

/// One thing that a sync needs, and whether it is in order.
struct CheckLine: Sendable {
    /// How it is, as the line begins.
    enum Result: String, Sendable {
        /// In order.
        case ok
        /// A sync can do with it, and a person should know.
        case warning = "WARN"
        /// A sync would fail for it.
        case failure = "FAIL"
    }

    /// What it is about, in a word or two.
    var name: String
    /// How it is.
    var result: Result
    /// What was found.
    var detail: String
    /// Why a sync would fail; nil unless it would.
    var failure: Failure?

    /// Something that is in order, or that a person should know.
    init(_ name: String, _ result: Result, _ detail: String) {
        self.name = name
        self.result = result
        self.detail = detail
    }

    /// Something for which a sync would fail.
    init(_ name: String, _ failure: Failure) {
        self.name = name
        result = .failure
        detail = failure.headline
        self.failure = failure
    }
}

/// A setting as it is in force.
struct SettingLine: Sendable, Equatable {
    /// The setting's name.
    var name: String
    /// Its value; nil where it has none. A secret is never shown.
    var value: String?
    /// The place that it comes from.
    var source: String
}

/// What the next sync would cost.
struct SyncCost: Sendable, Equatable {
    /// What it would ask for.
    var estimate: SyncEstimate
    /// How long it would take.
    var duration: Duration
    /// How many hours' worth of the hourly limit it would use.
    var hours: Double
}

/// All that `check` found out.
struct CheckReport: Sendable {
    /// What a sync needs, in the order in which it was tried.
    var lines: [CheckLine] = []
    /// All settings.
    var settings: [SettingLine] = []
    /// What the next sync would cost; nil where that could not be found out.
    var cost: SyncCost?
    /// Requests that the check itself made.
    var requests = 0

    /// The first failure.
    var failure: Failure? { lines.lazy.compactMap(\.failure).first }
}
