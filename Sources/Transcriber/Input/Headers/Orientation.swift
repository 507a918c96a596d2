/// The lie of a picture's rows and columns, as EXIF numbers it (CIPA DC-008, tag 274).
enum Orientation: Int, Sendable, Hashable, CaseIterable {
    case topLeft = 1
    case topRight, bottomRight, bottomLeft, leftTop, rightTop, rightBottom, leftBottom

    /// ImageMagick's name of it; a picture that says nothing of its orientation is upright.
    init(imageMagickName name: some StringProtocol) {
        self = Self.allCases.first { $0.imageMagickName == name } ?? .topLeft
    }

    var imageMagickName: String {
        switch self {
        case .topLeft: "TopLeft"
        case .topRight: "TopRight"
        case .bottomRight: "BottomRight"
        case .bottomLeft: "BottomLeft"
        case .leftTop: "LeftTop"
        case .rightTop: "RightTop"
        case .rightBottom: "RightBottom"
        case .leftBottom: "LeftBottom"
        }
    }
}
