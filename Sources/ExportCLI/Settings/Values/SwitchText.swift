/// On and off as people write them.
package enum SwitchText {
    /// What is allowed, for messages.
    package static let allowed = "true or false"

    /// Reads a switch; nil for anything else.
    package static func parse(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }
}
