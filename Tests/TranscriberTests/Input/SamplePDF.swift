import Foundation

/// PDFs made by hand, for pages that no program makes.
enum SamplePDF {
    /// A page that shows a JPEG, scaled to all of a rectangle.
    static func page(
        jpeg: Data, width: Int, height: Int, media: String, crop: String? = nil,
        picture: (x: Int, y: Int, w: Int, h: Int), turned: Int = 0
    ) -> Data {
        let crop = crop.map { "/CropBox [\($0)]" } ?? ""
        let content = "q \(picture.w) 0 0 \(picture.h) \(picture.x) \(picture.y) cm /I Do Q"
        return document([
            "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/Rotate \(turned)/MediaBox [\(media)]\(crop)/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            "<</Length \(content.utf8.count)>>\nstream\n\(content)\nendstream",
        ]) { data, number in
            let head =
                "\(number) 0 obj\n<</Type/XObject/Subtype/Image/Width \(width)/Height \(height)/ColorSpace/DeviceRGB"
                + "/BitsPerComponent 8/Filter/DCTDecode/Length \(jpeg.count)>>\nstream\n"
            data += Data(head.utf8) + jpeg + Data("\nendstream\nendobj\n".utf8)
        }
    }

    /// A document of objects, without a table of them: readers make their own.
    static func document(_ objects: [String], more: (inout Data, Int) -> Void = { _, _ in }) -> Data {
        var data = Data("%PDF-1.4\n".utf8)
        for (index, object) in objects.enumerated() {
            data += Data("\(index + 1) 0 obj\n\(object)\nendobj\n".utf8)
        }
        more(&data, objects.count + 1)
        return data + Data("trailer <</Root 1 0 R>>\n%%EOF\n".utf8)
    }
}
