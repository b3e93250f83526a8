/// A way in which a record of a page can be unlike the documented one.
package enum OddRecord: String, CaseIterable, Hashable, Sendable {
    /// An object without the key `id`.
    case noID = "no-id"
    /// `id` is a number, null or an object.
    case idNotAString = "id-not-a-string"
    /// The record is a string, number, array or null.
    case notAnObject = "not-an-object"
    /// An object without the key `created_at`.
    case noCreatedAt = "no-created-at"
    /// `created_at` is null, a number, or text that is no RFC 3339 timestamp.
    case unreadableCreatedAt = "unreadable-created-at"
}
