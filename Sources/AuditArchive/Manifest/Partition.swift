package import CivilTime

/// The tenant that an archive belongs to.
package struct ArchiveOrganization: Equatable, Sendable {
    /// `organization_id` of the events.
    package var id: String

    /// `organization_name` of the events; may be empty.
    package var name: String

    /// Names a tenant.
    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// One UTC date that has events.
package struct Partition: Equatable, Sendable {
    /// Whether events may still arrive, or some were taken out.
    package enum State: String, Sendable, CaseIterable {
        case open, closed, erased
    }

    /// The date of the events' `created_at`.
    package var date: CalendarDay

    /// `open` until a sync that began later than the date's end plus the look-back has ended whole.
    package var state: State

    /// Events over all files of the date.
    package var records: Int

    /// Describes a date.
    package init(date: CalendarDay, state: State, records: Int) {
        self.date = date
        self.state = state
        self.records = records
    }
}
