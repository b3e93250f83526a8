import AuditArchive
import CivilTime

/// What comparing one day found, for the manifest.
struct DayCheck: Sendable {
    /// Events that the API listed.
    var api: Int
    /// Events that the archive has once what was fetched is committed.
    var archived: Int
    /// Events that one of the two has and the other has not, where they were left apart.
    var left = 0
    /// Events that are gone at the vendor, which a person accepted.
    var accepted = 0
    /// How much more the API counts than it lists.
    var unexplained = 0

    /// How many more events the API has, where they were left apart; how many are apart, where that makes up for itself.
    var difference: Int? {
        guard left > 0 else { return nil }
        let more = api - archived + accepted
        return more == 0 ? left : more
    }
}

extension CheckedRun {
    /// The entries of these days, all of one comparison; neighbours that are equal in all but the counts are one.
    static func entries(_ checks: [CalendarDay: DayCheck], at time: Timestamp) -> [CheckedRun] {
        checks.sorted { $0.key < $1.key }.map { day, check in
            CheckedRun(
                from: day, to: day, checkedAt: time, apiCount: check.api, archiveCount: check.archived,
                difference: check.difference,
                goneAtVendor: check.accepted > 0 ? check.accepted : nil,
                unexplained: check.unexplained > 0 ? check.unexplained : nil)
        }
    }
}
