package import JSONText

/// Where a page that is no JSON breaks, and what stands around that place.
package struct PageFault: Sendable {
    /// What is wrong, and where in the page.
    package let error: JSONTextError
    /// The elements of `data` that seem to be sound: those before the broken one, and that one too if it ends too soon.
    package private(set) var records: [RecordScan] = []
    /// Where the element begins at which the fault lies, or the last one before it; nil where there is none.
    package private(set) var start: Int?
    /// `total_count`, if it stands before the fault.
    package private(set) var totalCount: Int?

    /// Finds the fault of a page; nil if it has none.
    package init?(page: RawSpan) {
        do throws(JSONTextError) {
            _ = try PageScan(page: page)
            return nil
        } catch {
            self.error = error
        }
        // All tokens before the fault were found to be sound.
        var cursor = JSONCursor()
        cursor.skipByteOrderMark(in: page)
        cursor.skipWhitespace(in: page)
        guard cursor.take(ASCII.leftBrace, in: page) else { return }
        try? findRecord(at: &cursor, in: page)
    }

    private mutating func findRecord(at cursor: inout JSONCursor, in page: RawSpan) throws(JSONTextError) {
        var hasMember = cursor.firstElement(in: page, close: ASCII.rightBrace)
        while hasMember {
            let key = try cursor.key(in: page)
            if key.equals("data", in: page), cursor.take(ASCII.leftBracket, in: page) {
                var hasRecord = cursor.firstElement(in: page, close: ASCII.rightBracket)
                var keys = RecordKeys()
                while hasRecord {
                    start = cursor.offset
                    records.append(try RecordScan(at: &cursor, in: page, keys: &keys))
                    hasRecord = try cursor.nextElement(in: page, close: ASCII.rightBracket)
                }
            } else {
                let start = cursor.offset
                try cursor.skipValue(in: page, depth: JSONGrammar.maximumDepth + 1)
                if key.equals("total_count", in: page) {
                    totalCount = page.nonNegativeInteger(in: start..<cursor.offset)
                }
            }
            hasMember = try cursor.nextElement(in: page, close: ASCII.rightBrace)
        }
    }

    /// The bytes of the broken element of a page whose `data` has it alone, and the page if `null` stood in its place: the
    /// shortest text that leaves a page of one element then. Nil where there is none.
    package func onlyRecord(in page: [UInt8]) -> (range: Range<Int>, page: PageScan)? {
        // An element that seems whole ended too soon.
        guard let start = records.first?.range.lowerBound ?? start else { return nil }
        if let end = Self.endOfBrackets(in: page, from: start), let scan = scan(page, without: start..<end) {
            return (start..<end, scan)
        }
        var tries = 0
        for bracket in page.indices[max(start, min(error.offset, page.count))...]
        where page[bracket] == ASCII.rightBracket && tries < Self.mostTries {
            tries += 1
            let end = page[start..<bracket].lastIndex { !$0.isJSONWhitespace }.map { $0 + 1 } ?? start
            if let scan = scan(page, without: start..<end) { return (start..<end, scan) }
        }
        return nil
    }

    /// The page with `null` in the place of `range`, if that has one element.
    private func scan(_ page: [UInt8], without range: Range<Int>) -> PageScan? {
        let repaired = Array(page[..<range.lowerBound]) + "null".utf8 + page[range.upperBound...]
        guard let scan = try? PageScan(page: repaired.span.bytes), scan.records?.count == 1 else { return nil }
        return scan
    }

    /// Behind the bracket that closes the one at `start`, going by quotation marks and brackets alone.
    private static func endOfBrackets(in page: [UInt8], from start: Int) -> Int? {
        var (depth, isInString, isEscaped) = (0, false, false)
        for index in page.indices[start...] {
            let byte = page[index]
            let isQuote = byte == ASCII.quote && !isEscaped
            isEscaped = isInString && byte == ASCII.backslash && !isEscaped
            if isQuote { isInString.toggle() }
            if isInString || isQuote { continue }
            if byte == ASCII.leftBrace || byte == ASCII.leftBracket { depth += 1 }
            if byte == ASCII.rightBrace || byte == ASCII.rightBracket { depth -= 1 }
            if depth <= 0 {
                return depth < 0 || byte != ASCII.rightBrace && byte != ASCII.rightBracket ? nil : index + 1
            }
        }
        return nil
    }

    /// More closing brackets than that are not tried.
    private static let mostTries = 256
}
