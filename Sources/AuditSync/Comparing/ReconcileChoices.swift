import CivilTime

/// What a comparison does, and with what it finds.
struct ReconcileChoices {
    /// Missing events are archived.
    var repairs = false
    /// Events that the vendor no longer has are accepted.
    var acceptsGone = false
    /// It is asked for what is in quarantine, and no count is believed: what was refused is counted by the API.
    var retriesQuarantine = false
    /// Whether each day is counted for itself.
    var countsEachDay = false
    /// Whether what was learnt is committed here, and not by who asked for it.
    var recordsChecks = true
    /// Whether anything is committed at all.
    var commits = true
    /// A day whose ids are compared whatever the counts say.
    var sample: CalendarDay?
    /// How long the server's answers can be, where the run before has seen any.
    var limits: ServerLimits?

    /// A comparison that changes nothing.
    init() {}

    /// What a person asked for.
    init(_ request: ReconcileRequest, sample: CalendarDay?) {
        repairs = request.repairs || request.retriesQuarantine
        retriesQuarantine = request.retriesQuarantine
        acceptsGone = request.acceptsGone
        commits = request.isRecorded
        countsEachDay = request.countsEachDay
        self.sample = sample
    }
}
