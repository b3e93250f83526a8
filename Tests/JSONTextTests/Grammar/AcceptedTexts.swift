/// Texts that RFC 8259 accepts, structure and numbers. Names as in JSONTestSuite where it has the case.
let acceptedStructures: [TextCase] = [
    TextCase("arrays with spaces", "[[]   ]"),
    TextCase("array with empty string", #"[""]"#),
    TextCase("empty array", "[]"),
    TextCase("array ending with newline", "[\"a\"]\n"),
    TextCase("array with false", "[false]"),
    TextCase("heterogeneous array", #"[null, 1, "1", {}]"#),
    TextCase("array with null", "[null]"),
    TextCase("array with 1 and newline", "[1\n]"),
    TextCase("leading space", " [1]"),
    TextCase("several nulls", "[1,null,null,null,2]"),
    TextCase("trailing space", "[2] "),
    TextCase("true in array", "[true]"),
    TextCase("white space in array", " [] "),
    TextCase("every kind of white space", "\t\r\n [\t\r\n 1\t\r\n ,\t\r\n 2\t\r\n ]\t\r\n "),
    TextCase("white space in object", "\t{\r\"a\"\n: 1 ,\t\"b\"\r\n:\t2 }\n"),
    TextCase("basic object", #"{"asd":"sdf"}"#),
    TextCase("duplicated key", #"{"a":"b","a":"c"}"#),
    TextCase("duplicated key and value", #"{"a":"b","a":"b"}"#),
    TextCase("empty object", "{}"),
    TextCase("empty key", #"{"":0}"#),
    TextCase("escaped null in key", #"{"foo\u0000bar": 42}"#),
    TextCase("extreme numbers", #"{ "min": -1.0e+28, "max": 1.0e+28 }"#),
    TextCase("long strings", #"{"x":[{"id": "\#(String(repeating: "x", count: 40))"}], "id": "xxxxxxxxxx"}"#),
    TextCase("simple object", #"{"a":[]}"#),
    TextCase("object with newlines", "{\n\"a\": \"b\"\n}"),
    TextCase("objects in arrays in objects", #"{"a":[{"b":[{}]},[[]]],"c":{"d":{}}}"#),
    TextCase("lonely false", "false"),
    TextCase("lonely true", "true"),
    TextCase("lonely null", "null"),
    TextCase("lonely int", "42"),
    TextCase("lonely negative real", "-0.1"),
    TextCase("lonely string", #""asd""#),
    TextCase("lonely empty string", #""""#),
    TextCase("trailing newline", "[\"a\"]\r\n")
]

/// Numbers that RFC 8259 accepts, each as a text of its own and inside an array.
let acceptedNumbers: [TextCase] = [
    "0", "-0", "1", "-1", "-123", "123", "10", "100000000000000000000000000000000000000000", "0.0", "-0.0",
    "0e+1", "0e1", "0E-0", "123e65", "20e1", "1E22", "1E-2", "1E+2", "123e45", "123.456e78", "1e-2", "1e+2",
    "123.456789", "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
    "1e00", "1e-007", "9007199254740993", "18446744073709551616", "1.7976931348623157e308", "0.1000"
].flatMap { [TextCase("number \($0)", $0), TextCase("array of \($0)", "[ \($0) ,\($0)]")] }

/// Numbers that are grammatical though no usual type holds them.
let acceptedHugeNumbers: [TextCase] = [
    TextCase("huge exponent", "[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999]"),
    TextCase("double overflow", "[123123e100000]"),
    TextCase("double underflow", "[123e-10000000]"),
    TextCase("negative overflow", "-1e400")
]
