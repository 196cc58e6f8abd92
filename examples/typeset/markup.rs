//! The markup of a document's body: one line of source is one paragraph.
//!
//! | source line | what it becomes |
//! | --- | --- |
//! | `# I. MỤC TIÊU <objectives>` | a section, one `#` for each level; words before `<kinds>` are its title |
//! | `### a) Triển khai …` | a section without a title |
//! | `# Chương I \| QUY ĐỊNH CHUNG <other>` | a section whose label and title are two centred lines |
//! | `/ Căn cứ …` | a paragraph in italics |
//! | `> QUYẾT ĐỊNH:` | a centred line in bold |
//! | `¹ Nghị quyết số …` | the footnote that the mark ¹ in the running text calls |
//! | `\|= 10 60 30` | opens a table with the columns' shares of the width |
//! | `\| STT \| Nội dung \| Số tiền` | a row; the first is the table's head |
//! | anything else | a paragraph; bullets keep their dash |
//!
//! Within a paragraph `[words](target)` is an anchor: `(#key)` a deadline or award, `(@2)` a unit
//! given two tasks, anything else the id of a cited document. Laying out lines is left to `layout`.

use anyhow::{Context, Result, bail, ensure};

/// What ends a label: "1.", "a)", "1/", "I-", "Điều 1:".
const LABEL_ENDS: [char; 5] = ['.', ')', '/', '-', ':'];

/// Words with which a label can begin.
const LABEL_WORDS: [&str; 5] = ["Điều", "Chương", "Phụ lục", "Mục", "Phần"];

/// The marks of footnotes, in order.
pub const FOOTNOTE_MARKS: [char; 9] = ['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A piece of a document's body.
pub enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

/// How a paragraph is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    Plain,
    Italic,
    /// Centred, bold.
    Banner,
    Footnote,
}

/// Running text with what is known about its parts; offsets are bytes of `text`.
#[derive(Clone, Debug)]
pub struct Paragraph {
    pub look: Look,
    pub text: String,
    /// Where the bold beginning ends.
    pub bold_until: usize,
    pub anchors: Vec<Anchor>,
    pub section: Option<SectionStart>,
    /// Labels of the section that the paragraph stands in: "III/1/b".
    pub path: Option<String>,
}

impl Paragraph {
    /// Text without marks.
    pub fn plain(text: &str) -> Paragraph {
        let text = text.to_owned();
        let (look, bold_until, anchors) = (Look::Plain, 0, Vec::new());
        Paragraph { look, text, bold_until, anchors, section: None, path: None }
    }

    /// Bold text without marks.
    pub fn banner(text: &str) -> Paragraph {
        Paragraph { look: Look::Banner, bold_until: text.len(), ..Paragraph::plain(text) }
    }
}

/// The beginning of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionStart {
    /// 1 for the outermost.
    pub depth: usize,
    pub label: String,
    pub title: Option<String>,
    pub kinds: Vec<String>,
}

/// Words that an answer points at.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    pub at: usize,
    pub words: String,
    pub target: Target,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The id of a cited document.
    Reference(String),
    /// The key of deadlines or awards.
    Key(String),
    /// A unit and the number of its tasks.
    Unit(u32),
}

/// A ruled table; the first row is its head.
pub struct Table {
    /// Shares of the text width; they add up to 100.
    pub widths: Vec<f32>,
    pub rows: Vec<Vec<Paragraph>>,
}

/// The blocks of a body, in order.
pub fn blocks(body: &str) -> Result<Vec<Block>> {
    let mut path: Vec<String> = Vec::new();
    let mut blocks = Vec::new();
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(widths) = line.strip_prefix("|=") {
            let widths = widths.split_whitespace().map(str::parse).collect::<Result<_, _>>();
            let widths = widths.with_context(|| format!("reading column widths {line:?}"))?;
            blocks.push(Block::Table(Table { widths, rows: Vec::new() }));
        } else if let Some(cells) = line.strip_prefix('|') {
            let Some(Block::Table(table)) = blocks.last_mut() else {
                bail!("reading {line:?}: found a table row, expected |= with column widths before")
            };
            let row = cells.split('|').map(|cell| inline(cell.trim(), Look::Plain));
            let row: Vec<Paragraph> = row.collect::<Result<_>>()?;
            let here = (!path.is_empty()).then(|| path.join("/"));
            let within = |cell| Paragraph { path: here.clone(), ..cell };
            table.rows.push(row.into_iter().map(within).collect());
        } else if let Some((label, title)) = line.split_once(" | ") {
            // A chapter's or annex's label stands alone above its title.
            let mut heading = paragraph(&format!("{label}. {title}"), &mut path)?;
            let mut below = inline(title.split('<').next().unwrap_or("").trim(), Look::Banner)?;
            below.path = heading.path.clone();
            heading.text = label.trim_start_matches(['#', ' ']).to_owned();
            (heading.look, heading.bold_until) = (Look::Banner, heading.text.len());
            blocks.extend([heading, below].map(Block::Paragraph));
        } else {
            blocks.push(Block::Paragraph(paragraph(line, &mut path)?));
        }
    }
    Ok(blocks)
}

fn paragraph(line: &str, path: &mut Vec<String>) -> Result<Paragraph> {
    let depth = line.bytes().take_while(|&byte| byte == b'#').count();
    let mut paragraph = if depth > 0 {
        section(line[depth..].trim(), depth)?
    } else if let Some(rest) = line.strip_prefix("/ ") {
        inline(rest, Look::Italic)?
    } else if let Some(rest) = line.strip_prefix("> ") {
        inline(rest, Look::Banner)?
    } else if line.starts_with(FOOTNOTE_MARKS) {
        inline(line, Look::Footnote)?
    } else {
        inline(line, Look::Plain)?
    };
    if let Some(section) = &paragraph.section {
        ensure!(section.depth <= path.len() + 1, "reading {line:?}: found a level left out");
        path.truncate(section.depth - 1);
        path.push(section.label.clone());
    }
    paragraph.path = (!path.is_empty()).then(|| path.join("/"));
    Ok(paragraph)
}

fn section(line: &str, depth: usize) -> Result<Paragraph> {
    let (head, kinds, rest) = match line.split_once('<') {
        None => (line, Vec::new(), ""),
        Some((head, rest)) => {
            let (kinds, rest) = rest
                .split_once('>')
                .with_context(|| format!("reading {line:?}: expected > after the kinds"))?;
            (head.trim_end(), kinds.split_whitespace().map(str::to_owned).collect(), rest)
        }
    };
    let mut paragraph = inline(&format!("{head}{rest}"), Look::Plain)?;
    let label_end = label_end(&paragraph.text).with_context(|| {
        format!("reading {line:?}: expected a label such as I., 1., a), Điều 1.")
    })?;
    let label = paragraph.text[..label_end].trim_end_matches(LABEL_ENDS).to_owned();
    let title_end = inline(head, Look::Plain)?.text.len();
    let title = paragraph.text[label_end..title_end].trim().trim_end_matches(':');
    let title = (!kinds.is_empty()).then(|| title.to_owned());
    paragraph.bold_until = match (&title, label.starts_with("Điều")) {
        (Some(_), _) if depth < 3 || rest.is_empty() => title_end,
        (_, true) => label_end,
        _ => 0,
    };
    paragraph.section = Some(SectionStart { depth, label, title, kinds });
    Ok(paragraph)
}

/// Where the label at the start of a paragraph ends, its full stop or bracket included.
fn label_end(text: &str) -> Option<usize> {
    let word = LABEL_WORDS.iter().find(|word| text.starts_with(**word));
    let from = word.map_or(0, |word| word.len());
    let from = from + usize::from(text[from..].starts_with(' '));
    let end = from + text[from..].find(' ')?;
    text[..end].ends_with(LABEL_ENDS).then_some(end)
}

/// A paragraph without its anchors' brackets.
pub fn inline(source: &str, look: Look) -> Result<Paragraph> {
    let mut text = String::new();
    let mut anchors = Vec::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (words, after) =
            after.split_once("](").with_context(|| format!("reading {source:?}: expected ]("))?;
        let (target, after) =
            after.split_once(')').with_context(|| format!("reading {source:?}: expected )"))?;
        anchors.push(Anchor {
            at: text.len(),
            words: words.to_owned(),
            target: self::target(target)?,
        });
        text.push_str(words);
        rest = after;
    }
    text.push_str(rest);
    let bold_until = if look == Look::Banner { text.len() } else { 0 };
    Ok(Paragraph { look, text, bold_until, anchors, section: None, path: None })
}

fn target(target: &str) -> Result<Target> {
    Ok(if let Some(key) = target.strip_prefix('#') {
        Target::Key(key.to_owned())
    } else if let Some(tasks) = target.strip_prefix('@') {
        Target::Unit(tasks.parse().with_context(|| format!("reading number of tasks {tasks:?}"))?)
    } else {
        Target::Reference(target.to_owned())
    })
}
