import CZlib

/// Why a gzip member could not be written or read.
package enum GzipError: Error, Equatable, Sendable {
    /// The input does not begin with the gzip signature `1f 8b`.
    case notGzip
    /// The header, the deflated data, the CRC-32 or the length is wrong; the text is zlib's reason.
    case corrupt(String)
    /// The input ends before the member does.
    case truncated
    /// The member is whole, but more bytes or another member follow it.
    case trailingBytes
    /// zlib could not get the memory it asked for.
    case outOfMemory
    /// zlib answered with a return code that correct use rules out; the library installed is not the one expected.
    case unexpected(code: Int)
}

extension GzipError: CustomStringConvertible {
    /// One clause for the user, without a full stop.
    package var description: String {
        switch self {
        case .notGzip: "not a gzip file"
        case .corrupt(let reason): "corrupt gzip data (\(reason))"
        case .truncated: "the gzip data ends too early"
        case .trailingBytes: "bytes follow the end of the gzip data"
        case .outOfMemory: "out of memory in zlib"
        case .unexpected(let code): "zlib failed with the unexpected code \(code)"
        }
    }
}

extension GzipError {
    /// The error for a zlib return code that ended the work, and zlib's own words if it has any.
    static func zlib(_ code: Int32, message: String?) -> GzipError {
        switch code {
        case Z_MEM_ERROR: .outOfMemory
        case Z_DATA_ERROR, Z_NEED_DICT: .corrupt(message ?? "a preset dictionary is asked for")
        default: .unexpected(code: Int(code))
        }
    }
}
