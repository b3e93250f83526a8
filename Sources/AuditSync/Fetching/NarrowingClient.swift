import AuditRecords
import CaptivateIQAPI
import CivilTime
import JSONText

/// A client whose pages hold all that is sound of a page that is no JSON: what is wrong is narrowed down by smaller
/// requests until single rows are left, which are named in the page. What is known from before takes none of these.
struct NarrowingClient: Sendable {
    private let client: APIClient
    private let memory: MalformedMemory

    /// Pages of `client`. `memory`: what was malformed in earlier runs.
    init(_ client: APIClient, memory: MalformedMemory) {
        self.client = client
        self.memory = memory
    }

    /// One page of events, within the limits and after whatever retries help.
    ///
    /// - Throws: `APIError` of any kind.
    func page(_ request: PageRequest) async throws(APIError) -> Page {
        if !memory.entries.isEmpty, let page = try await patched(request) { return page }
        do {
            return try await client.page(request)
        } catch {
            guard let body = error.malformed, PageFault(page: body.bytes.span.bytes)?.start != nil else { throw error }
            if let page = try await narrowed(request, body) { return page }
            // Rows that move meanwhile spoil it once, perhaps; or the fault has gone.
            if let page = try await again(request) { return page }
            throw error
        }
    }

    /// The page with one request, where it is sound but for what was broken before.
    private func patched(_ request: PageRequest) async throws(APIError) -> Page? {
        do {
            return try await client.page(request, tries: 1)
        } catch {
            switch error.kind {
            case .unauthorized, .forbidden, .firewall, .rateLimited, .resources, .cancelled: throw error
            case .unreachable, .unusable: break
            }
            guard let body = error.malformed else { return nil }
            var patch = PagePatch(request, memory)
            return patch.page(of: body, serverDate: await client.statistics().serverDate)
        }
    }

    private func again(_ request: PageRequest) async throws(APIError) -> Page? {
        do {
            return try await client.page(request, tries: 1)
        } catch {
            guard let body = error.malformed else { throw error }
            return try await narrowed(request, body)
        }
    }

    private func narrowed(_ request: PageRequest, _ body: MalformedBody) async throws(APIError) -> Page? {
        var narrowing = PageNarrowing(client, request)
        return try await narrowing.page(without: body, memory)
    }

    /// The organizations that the token can see.
    func organizations() async throws(APIError) -> [Organization] { try await client.organizations() }

    /// What the client has done so far.
    func statistics() async -> APIStatistics { await client.statistics() }

    /// Makes the memory of the hour's requests last.
    func saveLedger() async { await client.saveLedger() }
}

/// One page that is put together from the answers to smaller requests.
///
/// What is broken is the element at which the JSON breaks, or the one before it. The rows before it, it alone, and those
/// behind it are asked for; then it alone once more: so long as the rows before it are those that the broken page had, and
/// it stands in its place before and after the rest is read, no row has moved past.
struct PageNarrowing {
    /// Tries of each of these requests.
    private static let tries = 2
    /// Rows that are no JSON, in one page; with more than that it is no matter of single records.
    private static let mostRecords = 50

    private enum Answer {
        case page(Page)
        case malformed(MalformedBody)
    }

    /// What is left behind a broken row.
    private enum Rest {
        case nothing
        case malformed(MalformedBody)
    }

    private let client: APIClient
    private let request: PageRequest
    private var requestsLeft: Int
    private var rows: [[UInt8]] = []
    private var malformed: [MalformedRecord] = []
    private var total: Int?
    private var next = PageScan.Next.missing
    private var serverDate: Timestamp?

    init(_ client: APIClient, _ request: PageRequest) {
        self.client = client
        self.request = request
        requestsLeft = 2 * (Int.bitWidth - request.limit.leadingZeroBitCount) + 2
    }

    /// The page, in whose place `body` came. Nil if its rows moved, or it is not single rows that are broken.
    mutating func page(without body: MalformedBody, _ memory: MalformedMemory) async throws(APIError) -> Page? {
        var body = body
        while let rest = try await readAround(body, memory) {
            switch rest {
            case .nothing: return merged()
            case .malformed(let next): body = next
            }
        }
        return nil
    }

    private var position: Int { request.offset + rows.count }

    private var end: Int { request.offset + request.limit }

    /// Reads the rows from ``position`` on up to the first broken one, and that one; then those behind it, unless one of
    /// them is broken too. Nil if it cannot be done.
    private mutating func readAround(
        _ body: MalformedBody, _ memory: MalformedMemory
    ) async throws(APIError) -> Rest? {
        guard let fault = PageFault(page: body.bytes.span.bytes), fault.start != nil,
            try await readBefore(fault, body)
        else { return nil }
        let place = position
        // A row that is sound by itself may be another one by now.
        guard case .malformed(let alone) = try await ask(place, 1) else { return nil }
        guard let record = record(in: alone, at: place, memory), malformed.count < Self.mostRecords else { return nil }
        rows.append(Array("null".utf8))
        malformed.append(record)
        requestsLeft += malformed.count > 1 ? 4 : 0
        guard place + 1 < end else { return .nothing }
        guard let rest = try await ask(place + 1, end - place - 1) else { return nil }
        guard case .malformed(let again) = try await ask(place, 1),
            self.record(in: again, at: place, memory)?.bytes == record.bytes
        else { return nil }
        switch rest {
        case .malformed(let body): return .malformed(body)
        case .page(let page):
            take(page)
            return .nothing
        }
    }

    /// Reads the rows before the broken one. Returns whether they are those that the broken page had.
    private mutating func readBefore(_ fault: PageFault, _ body: MalformedBody) async throws(APIError) -> Bool {
        // An element that seems whole may have ended too soon.
        for count in stride(from: min(fault.records.count, end - position - 1), through: 0, by: -1) {
            guard count > 0 else { return true }
            switch try await ask(position, count) {
            case .page(let page):
                let ids = page.records.map { $0.id?.bytes(in: page.bytes.span.bytes) }
                let expected = fault.records.prefix(count).map { $0.id?.bytes(in: body.bytes.span.bytes) }
                guard ids == expected else { return false }
                take(page)
                return true
            case .malformed where count + 2 > fault.records.count: continue
            default: return false
            }
        }
        return false
    }

    private mutating func take(_ page: Page) {
        rows += page.records.map { Array(page.bytes[$0.range]) }
        (total, next) = (page.totalCount, page.next)
        serverDate = page.serverDate ?? serverDate
    }

    /// What the answer for a single row has in its place.
    private mutating func record(in body: MalformedBody, at place: Int, _ memory: MalformedMemory) -> MalformedRecord? {
        guard let fault = PageFault(page: body.bytes.span.bytes), let start = fault.start else { return nil }
        let only = fault.onlyRecord(in: body.bytes)
        let range = only?.range ?? (fault.records.first?.range.lowerBound ?? start)..<body.bytes.count
        total = only?.page.totalCount ?? fault.totalCount ?? total
        next = only?.page.next ?? .missing
        let bytes = Array(body.bytes[range])
        var error = fault.error
        error.offset -= range.lowerBound
        return MalformedRecord(
            row: place - request.offset, query: request.query, offset: place, bytes: bytes, fault: error,
            wasSeenBefore: memory.record(bytes))
    }

    private mutating func ask(_ offset: Int, _ limit: Int) async throws(APIError) -> Answer? {
        guard requestsLeft > 0 else { return nil }
        requestsLeft -= 1
        do {
            let smaller = PageRequest(query: request.query, offset: offset, limit: limit)
            return .page(try await client.page(smaller, tries: Self.tries))
        } catch {
            guard let body = error.malformed else { throw error }
            return .malformed(body)
        }
    }

    /// The rows as one page.
    private func merged() -> Page? {
        guard let total else { return nil }
        let next = next == .null ? "null" : "\"\""
        let head = Array("{\"total_count\":\(total)\(self.next == .missing ? "" : ",\"next\":\(next)"),\"data\":[".utf8)
        let bytes = head + rows.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8)
        guard let scan = try? PageScan(page: bytes.span.bytes), let records = scan.records else { return nil }
        return Page(
            bytes: bytes, records: records, totalCount: total, next: self.next, request: request,
            serverDate: serverDate, malformed: malformed)
    }
}
