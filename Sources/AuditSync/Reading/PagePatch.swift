import AuditRecords
import CaptivateIQAPI
import CivilTime
import JSONText

/// Reads a page that is no JSON where all that is wrong with it is known: what was found to be broken before stands in it
/// byte for byte, and with `null` in its place the page is sound. That takes no further request.
struct PagePatch {
    /// Rows that are no JSON, in one page.
    private static let mostRecords = 50

    private let request: PageRequest
    private let memory: MalformedMemory
    private let known: [MalformedMemory.Entry]
    private var malformed: [MalformedRecord] = []

    init(_ request: PageRequest, _ memory: MalformedMemory) {
        self.request = request
        self.memory = memory
        known = memory.entries.filter { $0.length > 0 }
    }

    /// The page in whose place `body` came; nil where something else is wrong with it.
    mutating func page(of body: MalformedBody, serverDate: Timestamp?) -> Page? {
        var bytes = body.bytes
        while let fault = PageFault(page: bytes.span.bytes) {
            guard malformed.count < Self.mostRecords, let range = knownRange(at: fault, in: bytes) else { return nil }
            note(fault, range, in: bytes)
            bytes.replaceSubrange(range, with: "null".utf8)
        }
        guard let scan = try? PageScan(page: bytes.span.bytes), let list = ListScan(scan) else { return nil }
        return Page(
            bytes: bytes, records: list.records, totalCount: list.totalCount, next: list.next, request: request,
            serverDate: serverDate, malformed: malformed)
    }

    /// Where known bytes stand at the element that is broken, or the one before it, which may have ended too soon.
    private func knownRange(at fault: PageFault, in bytes: [UInt8]) -> Range<Int>? {
        for start in [fault.start, fault.records.last?.range.lowerBound].compactMap({ $0 }) {
            // The longest first: another may be its beginning.
            for entry in known.sorted(by: { $0.length > $1.length }) where entry.length <= bytes.count - start {
                let range = start..<start + entry.length
                if MalformedMemory.Entry(bytes[range]) == entry { return range }
            }
        }
        return nil
    }

    private mutating func note(_ fault: PageFault, _ range: Range<Int>, in bytes: [UInt8]) {
        let row = fault.records.prefix { $0.range.lowerBound < range.lowerBound }.count
        let broken = Array(bytes[range])
        var error = fault.error
        error.offset -= range.lowerBound
        malformed.append(
            MalformedRecord(
                row: row, query: request.query, offset: request.offset + row, bytes: broken, fault: error,
                wasSeenBefore: memory.note(broken)))
    }
}
