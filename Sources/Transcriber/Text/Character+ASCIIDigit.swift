extension Character {
    /// True for `0` to `9` alone: other scripts' digits are no numbers here.
    var isASCIIDigit: Bool { self >= "0" && self <= "9" && isASCII }
}
