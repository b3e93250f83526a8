import AuditReport
import Testing

@Suite struct VerdictTests {
    /// The contract's order: the first that holds is the one that is said.
    @Test func order() {
        #expect(Verdict.allCases.map(\.rawValue) == ["DAMAGED", "STUCK", "INCOMPLETE", "LATE", "OK"])
    }
}
