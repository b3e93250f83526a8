import CZlib

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
