extension String {
    /// The text without the characters that files or databases cannot hold: U+0000 and the other control characters
    /// but tabs and line breaks, and the code points that Unicode keeps free of characters (23.7).
    var storable: String {
        guard unicodeScalars.contains(where: \.isUnstorable) else { return self }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: unicodeScalars.lazy.filter { !$0.isUnstorable })
        return String(scalars)
    }
}

extension Unicode.Scalar {
    fileprivate var isUnstorable: Bool {
        switch value {
        case 0x09, 0x0A, 0x0D: false
        case 0x00...0x1F, 0x7F, 0xFDD0...0xFDEF, 0xFEFF: true
        default: value & 0xFFFE == 0xFFFE
        }
    }
}
