@testable import AuditSync
import CivilTime
import SyncTestSupport
import Testing

@Suite("The longest page that a server has sent")
struct PageLengthTests {
    private let begin = SyncHarness.begin

    @Test("tells where a list ends for half a day, and then what is behind a shorter page is asked for again")
    func lifetime() {
        var length = PageLength().beginning(at: begin)
        #expect(length.mayBeCut(200))
        length.record(1_000)
        #expect(!length.mayBeCut(200))
        #expect(!length.lasting.beginning(at: begin + .seconds(43_199)).mayBeCut(200))
        #expect(length.lasting.beginning(at: begin + .seconds(43_200)).mayBeCut(200))
        // A clock that went back tells nothing of how long it was.
        #expect(length.lasting.beginning(at: begin - .seconds(1)).mayBeCut(200))
    }

    @Test("is known for good where something was behind it")
    func cut() {
        var length = PageLength().beginning(at: begin)
        length.recordCut(100)
        let later = length.lasting.beginning(at: begin + .seconds(86_400 * 30))
        #expect(later.mayBeCut(100) && !later.mayBeCut(99))
    }
}
