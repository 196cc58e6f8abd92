//! Pages of an invented ward, composed word by word: the layout of Decree 30/2020/NĐ-CP at 200 dpi.

use proptest::prelude::*;

use super::*;

const PAGE: PageGeometry = PageGeometry { width: 1654, height: 2339, dpi: 200 };

/// Words set in one size of type.
struct Setting {
    words: Vec<PlacedWord>,
    letter_width: u32,
    height: u32,
    confidence: f32,
}

/// Type of 14 points.
fn page() -> Setting {
    Setting { words: Vec::new(), letter_width: 17, height: 36, confidence: 0.95 }
}

impl Setting {
    /// Sets a line with its left end at `x` and its top at `y`.
    fn line(mut self, x: u32, y: u32, text: &str) -> Self {
        let mut x0 = x;
        for word in text.split_whitespace() {
            let x1 = x0 + self.letter_width * word.chars().count() as u32;
            // Dashes lie at half height, as in print.
            let dash = word == "-";
            let (y0, y1) = if dash { (y + 18, y + 22) } else { (y, y + self.height) };
            self.words.push(PlacedWord {
                text: word.to_owned(),
                bounds: PixelBox::new(x0, y0, x1, y1),
                confidence: self.confidence,
                alternatives: Vec::new(),
            });
            x0 = x1 + self.letter_width;
        }
        self
    }

    fn centered(self, middle: u32, y: u32, text: &str) -> Self {
        let width = self.letter_width * text.chars().count() as u32;
        self.line(middle - width / 2, y, text)
    }

    /// Lines of the width of the text, one below the other.
    fn paragraph(mut self, y: u32, lines: usize) -> Self {
        for line in 0..lines as u32 {
            let text =
                "Các tổ dân phố phối hợp với đoàn thể của phường vận động người dân tham gia";
            self = self.line(200, y + 45 * line, text);
        }
        self
    }

    fn size(self, letter_width: u32, height: u32) -> Self {
        Self { letter_width, height, ..self }
    }

    fn confidence(self, confidence: f32) -> Self {
        Self { confidence, ..self }
    }

    /// The running text with a blank line between blocks, as the text file has it.
    fn text(self) -> String {
        let mut text = String::new();
        let mut block = None;
        for line in self.lines() {
            if !matches!(line.role, LineRole::Body | LineRole::Footnote) {
                continue;
            }
            if block.is_some_and(|block| block != line.block) {
                text.push('\n');
            }
            block = Some(line.block);
            text += &line.text();
            text.push('\n');
        }
        text
    }

    fn lines(self) -> Vec<OcrLine> {
        arrange(self.words, PAGE)
    }

    fn of_role(self, role: LineRole) -> Vec<String> {
        self.lines().iter().filter(|line| line.role == role).map(OcrLine::text).collect()
    }
}

fn heading(page: Setting) -> Setting {
    page.centered(430, 180, "ỦY BAN NHÂN DÂN")
        .centered(430, 230, "PHƯỜNG AN BÌNH")
        .centered(1130, 182, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centered(1130, 232, "Độc lập - Tự do - Hạnh phúc")
        .centered(430, 320, "Số: 12/KH-UBND")
        .centered(1130, 324, "An Bình, ngày 05 tháng 01 năm 2026")
}

#[test]
fn heading_is_read_by_columns_and_the_title_apart() {
    let page =
        heading(page()).centered(827, 440, "KẾ HOẠCH").centered(827, 486, "Ra quân đầu xuân");
    insta::assert_snapshot!(page.paragraph(590, 2).text(), @r"
    ỦY BAN NHÂN DÂN
    PHƯỜNG AN BÌNH
    Số: 12/KH-UBND

    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
    Độc lập - Tự do - Hạnh phúc
    An Bình, ngày 05 tháng 01 năm 2026

    KẾ HOẠCH
    Ra quân đầu xuân

    Các tổ dân phố phối hợp với đoàn thể của phường vận động người dân tham gia
    Các tổ dân phố phối hợp với đoàn thể của phường vận động người dân tham gia
    ");
}

#[test]
fn heading_of_a_letter_ends_before_the_addressee() {
    let page = heading(page())
        .centered(430, 380, "V/v dọn vệ sinh")
        .line(460, 500, "Kính gửi:")
        .line(640, 545, "- Các tổ dân phố trên địa bàn phường;")
        .paragraph(680, 2);
    let text = page.text();
    let order = ["V/v dọn", "CỘNG HÒA", "ngày 05", "Kính gửi", "- Các tổ"];
    let at: Vec<usize> = order.iter().map(|part| text.find(part).unwrap()).collect();
    assert!(at.is_sorted(), "{text}");
}

#[test]
fn party_heading_is_read_by_columns() {
    let page = page()
        .centered(430, 180, "ĐẢNG ỦY PHƯỜNG AN BÌNH")
        .centered(1200, 180, "ĐẢNG CỘNG SẢN VIỆT NAM")
        .centered(430, 240, "Số 7-KH/ĐU")
        .centered(1200, 250, "An Bình, ngày 05 tháng 01 năm 2026")
        .paragraph(500, 2);
    assert!(page.text().starts_with("ĐẢNG ỦY PHƯỜNG AN BÌNH\nSố 7-KH/ĐU\n\nĐẢNG CỘNG SẢN"));
}

#[test]
fn signature_block_is_read_by_columns() {
    let right = page()
        .paragraph(400, 3)
        .centered(1150, 640, "TM. ỦY BAN NHÂN DÂN")
        .centered(1150, 690, "CHỦ TỊCH")
        .centered(1150, 900, "Lê Văn Mẫu");
    let both = right
        .size(13, 29)
        .line(220, 640, "Nơi nhận:")
        .line(220, 678, "- Như trên;")
        .line(220, 714, "- Đảng ủy phường;")
        .line(220, 750, "- Lưu: VT.");
    insta::assert_snapshot!(both.text(), @r"
    Các tổ dân phố phối hợp với đoàn thể của phường vận động người dân tham gia
    Các tổ dân phố phối hợp với đoàn thể của phường vận động người dân tham gia
    Các tổ dân phố phối hợp với đoàn thể của phường vận động người dân tham gia

    Nơi nhận:
    - Như trên;
    - Đảng ủy phường;
    - Lưu: VT.

    TM. ỦY BAN NHÂN DÂN
    CHỦ TỊCH

    Lê Văn Mẫu
    ");
}

#[test]
fn two_signatures_side_by_side_are_read_by_columns() {
    let page = page()
        .paragraph(400, 3)
        .centered(430, 640, "KT. TRƯỞNG BAN")
        .centered(1150, 640, "TM. ỦY BAN NHÂN DÂN")
        .centered(430, 690, "PHÓ TRƯỞNG BAN")
        .centered(1150, 690, "CHỦ TỊCH");
    assert!(
        page.text().ends_with("KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n")
    );
}

#[test]
fn tables_without_rules_are_read_row_by_row() {
    let table = [
        ("TT", "Nội dung", "Đơn vị"),
        ("1", "Dọn vệ sinh", "Tổ dân phố"),
        ("2", "Trồng cây", "Đoàn"),
    ];
    let mut page = page().paragraph(400, 2);
    for (row, (number, task, unit)) in table.iter().enumerate() {
        let y = 560 + 60 * row as u32;
        page = page.line(210, y, number).line(400, y, task).line(1100, y + 3, unit);
    }
    assert!(
        page.text().ends_with("TT Nội dung Đơn vị\n1 Dọn vệ sinh Tổ dân phố\n2 Trồng cây Đoàn\n")
    );
}

#[test]
fn ruled_tables_are_read_cell_by_cell() {
    let page = page()
        .paragraph(400, 2)
        .line(210, 560, "TT")
        .line(400, 560, "Nội dung")
        .line(1100, 560, "Đơn vị")
        .line(210, 640, "1")
        .line(400, 640, "Dọn vệ sinh đường")
        .line(1100, 643, "Tổ")
        .line(400, 685, "làng, ngõ xóm")
        .line(1100, 687, "dân phố")
        .paragraph(780, 1);
    let columns = [(200, 390), (390, 1090), (1090, 1450)];
    let row = |y0, y1| columns.map(|(x0, x1)| PixelBox::new(x0, y0, x1, y1)).to_vec();
    let table = Table { rows: vec![row(550, 620), row(620, 740)] };
    let lines = arrange_with_tables(page.words, PAGE, &[table]);
    let text: Vec<_> = lines.iter().map(OcrLine::text).collect();
    assert_eq!(text[2], "TT Nội dung Đơn vị");
    assert_eq!(text[3..7], ["1 Dọn vệ sinh đường", "làng, ngõ xóm", "Tổ", "dân phố"]);
    assert!(text[7].starts_with("Các tổ"), "what stands below comes after: {text:?}");
}

#[test]
fn justified_lines_with_wide_gaps_stay_whole() {
    let page = page()
        .line(200, 400, "Thường")
        .line(370, 400, "trực")
        .line(510, 400, "Hội")
        .line(630, 400, "đồng");
    assert_eq!(page.text(), "Thường trực Hội đồng\n");
}

#[test]
fn sloping_lines_stay_apart() {
    let mut words = page().paragraph(400, 4).words;
    for word in &mut words {
        let sink = word.bounds.x0 / 25; // 2.3 degrees: a line pitch from margin to margin
        word.bounds.y0 += sink;
        word.bounds.y1 += sink;
    }
    let lines = arrange(words, PAGE);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.words.len() == 17));
}

#[test]
fn page_numbers() {
    let at_top = |text: &str| page().centered(827, 100, text).paragraph(200, 3);
    for text in ["2", "- 2 -", "2/15", "Trang 2", "Trang 2/15"] {
        assert_eq!(at_top(text).of_role(LineRole::PageNumber), [text]);
        let at_foot = page().paragraph(200, 3).centered(827, 2250, text);
        assert_eq!(at_foot.of_role(LineRole::PageNumber), [text]);
    }
}

#[test]
fn what_is_no_page_number() {
    let cases = [
        ("a label at the margin", page().line(200, 100, "2.").paragraph(200, 3)),
        ("a centred label", page().centered(827, 100, "2.").paragraph(200, 3)),
        ("a Roman label", page().centered(827, 100, "II").paragraph(200, 3)),
        ("a chapter", page().centered(827, 100, "Chương 2").paragraph(200, 3)),
        ("the end of a paragraph", page().line(200, 100, "2026").paragraph(200, 3)),
        (
            "the middle of the page",
            page().paragraph(200, 3).centered(827, 900, "2").paragraph(1000, 9),
        ),
        ("a heading at the foot", page().paragraph(200, 3).line(270, 2250, "3. Tổ chức thực hiện")),
    ];
    for (what, page) in cases {
        assert_eq!(page.of_role(LineRole::PageNumber), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn footnotes_are_small_type_at_the_foot_with_a_mark() {
    let page = page()
        .paragraph(200, 30)
        .size(12, 27)
        .line(200, 2000, "1 Kế hoạch số 12/KH-UBND ngày 05 tháng 01 năm 2026;")
        .line(200, 2034, "được sửa đổi năm 2026.");
    let footnotes = page.of_role(LineRole::Footnote);
    assert_eq!(
        footnotes,
        ["1 Kế hoạch số 12/KH-UBND ngày 05 tháng 01 năm 2026;", "được sửa đổi năm 2026."]
    );
}

#[test]
fn what_is_no_footnote() {
    let small_foot = |text| page().paragraph(200, 30).size(12, 27).line(200, 2000, text);
    let cases = [
        ("type of the text", page().paragraph(200, 30).line(270, 2000, "1 kế hoạch của phường")),
        ("a heading", page().paragraph(200, 30).line(270, 2000, "3. Tổ chức thực hiện")),
        ("small, with a list label", small_foot("3. Tổ chức thực hiện")),
        ("small, without a mark", small_foot("Ghi chú: số liệu của phường")),
        (
            "above text",
            page().size(12, 27).line(200, 1300, "1 kế hoạch").size(17, 36).paragraph(1400, 12),
        ),
    ];
    for (what, page) in cases {
        assert_eq!(page.of_role(LineRole::Footnote), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn stamps_are_kept_out_of_the_text() {
    let caption = heading(page())
        .paragraph(500, 5)
        .size(8, 17)
        .line(480, 20, "Người ký: ỦY BAN NHÂN DÂN PHƯỜNG AN BÌNH")
        .line(480, 40, "Email: phuonganbinh@example.vn")
        .line(480, 60, "Thời gian ký: 05.01.2026 15:49:15 +07:00");
    assert_eq!(caption.of_role(LineRole::Stamp).len(), 3);
    let incoming = heading(page())
        .paragraph(600, 5)
        .line(1040, 420, "CÔNG VĂN ĐẾN")
        .confidence(0.2)
        .line(1040, 465, "Số: ..4l7.. Ngày: ..0//..");
    assert_eq!(incoming.of_role(LineRole::Stamp), ["CÔNG VĂN ĐẾN", "Số: ..4l7.. Ngày: ..0//.."]);
    let owned = heading(page())
        .paragraph(600, 5)
        .line(180, 420, "UBND XÃ AN HÒA")
        .line(180, 465, "ĐẾN Ngày: 06/01/26")
        .confidence(0.5)
        .line(330, 510, "Số: 1274")
        .line(600, 440, "[Kính gửi:");
    assert_eq!(
        owned.of_role(LineRole::Stamp),
        ["UBND XÃ AN HÒA", "ĐẾN Ngày: 06/01/26", "Số: 1274"]
    );
    let unread = heading(page())
        .paragraph(600, 5)
        .size(11, 22)
        .line(120, 380, "PHÒNG KINH TẾ")
        .confidence(0.3)
        .line(160, 415, "5ố l2 06/01/26");
    assert_eq!(unread.of_role(LineRole::Stamp), ["PHÒNG KINH TẾ", "5ố l2 06/01/26"]);
    let touching = heading(page())
        .paragraph(600, 5)
        .line(120, 420, "CÔNG VĂN ĐẾN")
        .line(120, 460, "ĐẾN")
        .confidence(0.1)
        .line(185, 460, "0bl1/26")
        .confidence(0.9)
        .line(320, 462, "Ra quân đầu xuân");
    assert_eq!(touching.of_role(LineRole::Stamp), ["CÔNG VĂN ĐẾN", "ĐẾN 0bl1/26"]);
    let urgent = heading(page()).line(250, 420, "HỎA TỐC").paragraph(600, 5);
    assert_eq!(urgent.of_role(LineRole::Stamp), ["HỎA TỐC"]);
}

#[test]
fn what_is_no_stamp() {
    let cases = [
        (
            "a title",
            page().centered(827, 300, "ĐẾN NĂM 2030, TẦM NHÌN ĐẾN NĂM 2045").paragraph(400, 5),
        ),
        (
            "a recipient",
            page().line(220, 300, "- Cổng Thông tin điện tử phường;").paragraph(400, 5),
        ),
        (
            "a sentence",
            page()
                .line(200, 300, "Người ký văn bản chịu trách nhiệm về nội dung")
                .paragraph(400, 5),
        ),
        ("a number", heading(page()).paragraph(500, 5)),
        (
            "a table in small capitals",
            heading(page())
                .size(11, 22)
                .line(220, 500, "TỔ DÂN PHỐ")
                .line(220, 540, "06/01/26")
                .size(17, 36)
                .paragraph(700, 5),
        ),
    ];
    for (what, page) in cases {
        assert_eq!(page.of_role(LineRole::Stamp), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn noise_is_what_nobody_can_read() {
    for text in ["T7!", "J", "~"] {
        let page = page().paragraph(400, 5).confidence(0.2).line(1500, 100, text);
        assert_eq!(page.of_role(LineRole::Noise), [text]);
    }
    let border = page().line(200, 400, "TT | Nội dung | Đơn vị");
    assert_eq!(border.text(), "TT Nội dung Đơn vị\n");
    let leader = page().paragraph(400, 5).confidence(0.3).line(200, 700, "00 000.0 0060 09000 0");
    assert_eq!(leader.of_role(LineRole::Noise), ["00 000.0 0060 09000 0"]);
    let rule = page().paragraph(400, 5).centered(827, 300, "————");
    assert_eq!(rule.of_role(LineRole::Noise), ["————"]);
}

#[test]
fn marks_read_twice_are_noise() {
    let mut page = page().paragraph(400, 2);
    let word = page.words[3].bounds;
    page.words.push(PlacedWord {
        text: "ˆ".to_owned(),
        bounds: PixelBox::new(word.x0 + 10, word.y0 - 4, word.x0 + 20, word.y0 + 4),
        confidence: 0.9,
        alternatives: Vec::new(),
    });
    assert_eq!(page.of_role(LineRole::Noise), ["ˆ"]);
}

#[test]
fn badly_read_text_is_no_noise() {
    for text in ["112/2025/QH15;", "Số: l2 /KH-UBND", "PhụlụcsốXV", "tháng năm", "1.200.000.000"]
    {
        let page = page().paragraph(400, 5).confidence(0.2).line(500, 300, text);
        assert_eq!(page.of_role(LineRole::Noise), Vec::<String>::new(), "{text}");
    }
    let tail = page().paragraph(400, 2).confidence(0.2).line(200, 490, "sa;");
    assert_eq!(tail.of_role(LineRole::Noise), Vec::<String>::new());
}

fn any_word() -> impl Strategy<Value = PlacedWord> {
    let text = prop_oneof!["[a-zđê]{1,6}", "[-.0-9/]{1,5}", "Nơi|nhận:|TM.|ĐẾN|ký:|Người|CỘNG|HÒA"];
    let edge = || prop_oneof![0..2000_u32, any::<u32>()];
    (text, edge(), edge(), 0..200_u32, 0..60_u32, 0.0..1.0_f32).prop_map(
        |(text, x, y, width, height, confidence)| PlacedWord {
            text,
            bounds: PixelBox::new(x, y, x.saturating_add(width), y.saturating_add(height)),
            confidence,
            alternatives: Vec::new(),
        },
    )
}

proptest! {
    #[test]
    fn every_word_ends_in_exactly_one_line(words in prop::collection::vec(any_word(), 0..80)) {
        let key = |text: &str, bounds: PixelBox| (text.to_owned(), <[u32; 4]>::from(bounds));
        let mut before: Vec<_> = words.iter().map(|w| key(&w.text, w.bounds)).collect();
        let lines = arrange(words, PAGE);
        let mut after: Vec<_> =
            lines.iter().flat_map(|line| &line.words).map(|w| key(&w.text, w.bounds)).collect();
        before.sort();
        after.sort();
        prop_assert_eq!(before, after);
        prop_assert!(lines.iter().all(|line| !line.words.is_empty()));
        prop_assert!(lines.windows(2).all(|pair| pair[0].block <= pair[1].block));
    }

    #[test]
    fn the_order_of_the_words_makes_no_difference(
        words in prop::collection::vec(any_word(), 0..40).prop_shuffle(),
    ) {
        let mut sorted = words.clone();
        sorted.sort_by_key(|word| (word.bounds.x1, word.bounds.y0));
        prop_assert_eq!(arrange(words, PAGE), arrange(sorted, PAGE));
    }

    #[test]
    fn inverted_and_empty_boxes_do_no_harm(edges in prop::collection::vec(any::<[u32; 4]>(), 0..30)) {
        let words = edges.into_iter().map(|edges| PlacedWord {
            text: "chữ".to_owned(),
            bounds: PixelBox::from(edges),
            confidence: 0.5,
            alternatives: Vec::new(),
        });
        arrange(words.collect(), PageGeometry { width: 0, height: 0, dpi: 0 });
    }
}
