/// Which requests go wrong, and how: by chance, by number, or by a given answer.
package struct FaultPlan: Equatable, Sendable {
    /// Probability, 0 to 1, of each kind for any request; together at most 1.
    package var rates: [FaultKind: Double] = [:]
    /// Kinds by the number of the request, counted from 1 since the plan was set; these come before chance.
    package var schedule: [Int: FaultKind] = [:]
    /// Ready answers by the number of the request; these come before everything else.
    package var answers: [Int: SimulatedResponse] = [:]

    /// Nothing goes wrong.
    package init() {}

    /// Reads specifications such as `502:0.2` (a rate) and `html200@3,7` (the third and the seventh request).
    ///
    /// Throws ``SimulatorConfigurationError`` for one that cannot be read, or rates that exceed 1 together.
    package init(specifications: [String]) throws(SimulatorConfigurationError) {
        for specification in specifications {
            try add(specification)
        }
        try validate()
    }

    private mutating func add(_ specification: String) throws(SimulatorConfigurationError) {
        let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
        let form = "KIND:RATE or KIND@NUMBER,NUMBER (not \"\(specification)\"), with KIND one of \(kinds)"
        let unreadable = SimulatorConfigurationError(setting: "--fault", rule: form)
        guard let mark = specification.firstIndex(where: { $0 == ":" || $0 == "@" }) else { throw unreadable }
        guard let kind = FaultKind(rawValue: specification[..<mark].lowercased()) else { throw unreadable }
        let value = specification[specification.index(after: mark)...]
        if specification[mark] == ":" {
            guard let rate = Double(value) else { throw unreadable }
            rates[kind] = rate
        } else {
            for number in value.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Int(number), number > 0 else { throw unreadable }
                schedule[number] = kind
            }
        }
    }

    func validate() throws(SimulatorConfigurationError) {
        let valid = rates.values.allSatisfy { (0...1).contains($0) } && rates.values.reduce(0, +) <= 1 + 1e-9
        try SimulatorConfiguration.require(valid, "--fault", "rates of 0 to 1, together at most 1")
    }

    /// What happens to request `number`; nil if nothing does.
    func fault(forRequest number: Int, _ random: inout SeededGenerator) -> FaultKind? {
        if let scheduled = schedule[number] { return scheduled }
        guard !rates.isEmpty else { return nil }
        var draw = random.unit()
        // One fixed order, so that a draw does not depend on hashing.
        for kind in FaultKind.allCases {
            let rate = rates[kind] ?? 0
            if draw < rate { return kind }
            draw -= rate
        }
        return nil
    }
}
