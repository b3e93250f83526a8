/// The faults of one file's lines: the first few one by one, the flood behind them as a number.
struct FaultList: Sendable {
    private static let limit = 10

    private var listed: [ArchiveFault] = []
    private var more = 0

    /// Adds a fault. The detail is only worked out if it will be listed.
    mutating func add(_ kind: ArchiveFault.Kind, _ path: String, line: Int, _ detail: @autoclosure () -> String) {
        if listed.count < Self.limit {
            listed.append(ArchiveFault(kind, path, line: line, detail()))
        } else {
            more += 1
        }
    }

    /// What is to be shown for the file `path`.
    func faults(of path: String) -> [ArchiveFault] {
        more == 0 ? listed : listed + [ArchiveFault(.more, path, "and \(more) more faults in its lines")]
    }
}
