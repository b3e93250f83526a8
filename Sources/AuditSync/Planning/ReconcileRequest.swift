package import CivilTime

/// What a person can choose about a comparison.
package struct ReconcileRequest: Sendable {
    /// The first day to compare; `nil` for the archive's first.
    package var from: CalendarDay?
    /// The last day to compare; `nil` for the newest closed one.
    package var to: CalendarDay?
    /// Whether missing events are archived.
    package var repairs: Bool
    /// Whether it is accepted that the vendor no longer has some events: no later comparison reports them.
    package var acceptsGone: Bool
    /// Whether the days of what is in quarantine are asked for instead, closed or not, and what is usable by now is
    /// archived.
    package var retriesQuarantine: Bool

    /// Whether what is found is recorded in the archive. If not, nothing is committed.
    package var isRecorded = true

    /// Whether each day is counted for itself, since its count is to be told: two small requests a day.
    package var countsEachDay = false

    /// Gathers the choices.
    package init(
        from: CalendarDay? = nil, to: CalendarDay? = nil, repairs: Bool = false, acceptsGone: Bool = false,
        retriesQuarantine: Bool = false
    ) {
        self.from = from
        self.to = to
        self.repairs = repairs
        self.acceptsGone = acceptsGone
        self.retriesQuarantine = retriesQuarantine
    }
}
