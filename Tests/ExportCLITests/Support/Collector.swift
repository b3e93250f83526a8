@testable import ExportCLI
import Synchronization
import SystemPackage

/// An output that remembers what was written, or fails as a closed pipe or a full disk does.
final class Collector: TextOutput {
    private let written = Mutex("")
    private let failure: Errno?

    init(failure: Errno? = nil) { self.failure = failure }

    var text: String { written.withLock { $0 } }

    func write(_ text: String) throws(Errno) {
        if let failure { throw failure }
        written.withLock { $0 += text }
    }
}
