/// Reads settings one by one and gathers what is wrong with them, so that all of it is told at once.
package struct SettingsReader {
    /// Where the texts come from.
    package let resolver: SettingsResolver
    /// What was wrong so far.
    package private(set) var problems: [SettingProblem]
    /// What a person should know although it is no error.
    package private(set) var warnings: [String] = []

    /// A reader over `resolver`, with what was wrong before anything could be read.
    package init(_ resolver: SettingsResolver, problems: [SettingProblem] = []) {
        self.resolver = resolver
        self.problems = problems
    }

    /// Records a problem.
    package mutating func report(_ problem: SettingProblem) { problems.append(problem) }

    /// Records a warning.
    package mutating func warn(_ text: String) { warnings.append(text) }

    /// The value of a setting; nil where it is not set, or wrong and so recorded.
    ///
    /// - Parameters:
    ///   - rule: goes on after "it", such as "has to be a number".
    ///   - parse: gives nil for what the rule does not allow.
    package mutating func value<Value>(
        _ setting: Setting, _ rule: String, _ parse: (String) -> Value?
    ) -> Value? {
        guard let found = resolver.find(setting) else { return nil }
        if let value = parse(found.text) { return value }
        report(.wrong(setting, value: found.text, found.source, rule))
        return nil
    }

    /// A whole number within a range.
    package mutating func integer(_ setting: Setting, _ range: ClosedRange<Int>) -> Int? {
        let rule = "has to be a whole number from \(range.lowerBound) to \(range.upperBound)"
        return value(setting, rule) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A duration of at least `least`.
    package mutating func duration(_ setting: Setting, atLeast least: Duration = .zero) -> Duration? {
        let bound = least > .zero ? ", at least \(DurationText.text(of: least))" : ""
        return value(setting, "has to be a duration\(bound), \(DurationText.allowed)") { text in
            DurationText.parse(text).flatMap { $0 >= least ? $0 : nil }
        }
    }

    /// A size in bytes of at least `least` and, if there is such a bound, at most `most`.
    package mutating func size(_ setting: Setting, atLeast least: Int, atMost most: Int = .max) -> Int? {
        let bound = most < .max ? " and at most \(most)" : ""
        return value(setting, "has to be a size of at least \(least)\(bound) bytes, \(SizeText.allowed)") { text in
            SizeText.parse(text).flatMap { (least...most).contains($0) ? $0 : nil }
        }
    }

    /// On or off.
    package mutating func isOn(_ setting: Setting) -> Bool {
        value(setting, "has to be \(SwitchText.allowed)", SwitchText.parse) ?? false
    }

    /// One of some words.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ setting: Setting, _ type: Choice.Type
    ) -> Choice? {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return value(setting, "has to be one of \(words)") { Choice(rawValue: $0.lowercased()) }
    }

    /// A text that is not empty; `remedy` says what to do when it is not set.
    package mutating func required(_ setting: Setting, _ remedy: String) -> String? {
        if resolver.find(setting) == nil { report(.missing(setting, remedy)) }
        return text(setting)
    }

    /// A text that is not empty, if it is set.
    package mutating func text(_ setting: Setting) -> String? {
        value(setting, "must not be empty") { $0.isEmpty ? nil : $0 }
    }

    /// Ends the reading.
    ///
    /// - Throws: all problems there are.
    package func finish() throws(SettingsError) {
        if !problems.isEmpty { throw SettingsError(problems) }
    }
}
