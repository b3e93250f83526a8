/// What the simulated API was asked since it started, or since its statistics were reset. Control requests do not count.
package struct SimulatorStatistics: Equatable, Sendable {
    /// Requests of the API, also those that went wrong.
    package var requests = 0
    /// How many answers of each status; answers cut short count as their status, those never sent as none.
    package var byStatus: [Int: Int] = [:]
    /// How many requests each kind of planned fault hit.
    package var byFault: [FaultKind: Int] = [:]
    /// How many requests exceeded a limit.
    package var limitsBroken = 0
    /// The most requests, also refused ones, in any second.
    package var maxInASecond = 0
    /// The most requests, also refused ones, in any hour.
    package var maxInAnHour = 0
    /// Records in answers that arrived whole.
    package var records = 0
    /// Bytes of the bodies of such answers, before compression.
    package var bytes = 0

    /// Nothing asked yet.
    package init() {}

    /// One JSON object.
    package var json: String {
        let statuses = byStatus.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        let faults = byFault.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\"\($0.key.rawValue)\":\($0.value)" }
        return """
            {"requests":\(requests),"by_status":{\(statuses.joined(separator: ","))},\
            "by_fault":{\(faults.joined(separator: ","))},"limits_broken":\(limitsBroken),\
            "max_in_a_second":\(maxInASecond),"max_in_an_hour":\(maxInAnHour),\
            "records":\(records),"bytes":\(bytes)}
            """
    }
}
