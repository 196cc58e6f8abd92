//! Output names: one for each input, the same on every run, no two alike on any file system.
//!
//! An input is named after its file stem. Inputs that share a stem take as many of their folders'
//! names before it as it needs to tell the folders apart (`cv_3722_metro-scan`, `qd_729_ttg-scan`);
//! those that share a folder too keep their extension (`plan.pdf`, `plan.png`); what is still alike
//! gets a hash of its path. Names depend on the set of inputs, never on their order, and an input
//! keeps a name that it was once given (the journal remembers).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::hex::sha256_hex;

/// Longest name in bytes: file systems allow 255, and a temporary file's name is longer.
const LONGEST: usize = 200;

/// Gives each of `paths` (absolute, distinct) its name, in their order. `claims` holds the names
/// that earlier runs gave, by path.
pub fn assign(paths: &[&str], claims: &BTreeMap<String, String>) -> Vec<String> {
    // Claimed inputs that are not part of this run still count as namesakes.
    let all: BTreeSet<&str> =
        paths.iter().copied().chain(claims.keys().map(String::as_str)).collect();
    let mut namesakes: BTreeMap<String, Vec<&Path>> = BTreeMap::new();
    for path in all.into_iter().map(Path::new) {
        namesakes.entry(folded(&stem(path))).or_default().push(path);
    }
    let mut names: BTreeMap<&Path, String> =
        namesakes.values().flat_map(|group| told_apart(group)).collect();
    names.extend(claims.iter().map(|(path, name)| (Path::new(path), name.clone())));

    let mut bearers: BTreeMap<String, usize> = BTreeMap::new();
    for name in names.values() {
        *bearers.entry(folded(name)).or_default() += 1;
    }
    let name_of = |path: &&str| {
        let name = &names[Path::new(path)];
        let alone = bearers[&folded(name)] == 1 && name.len() <= LONGEST;
        if alone || claims.contains_key(*path) { name.clone() } else { hashed(name, path) }
    };
    paths.iter().map(name_of).collect()
}

/// Names for paths of one stem, as far as folders and extensions tell them apart.
fn told_apart<'a>(group: &[&'a Path]) -> Vec<(&'a Path, String)> {
    let folders: BTreeSet<Option<&Path>> = group.iter().map(|path| path.parent()).collect();
    let deepest = folders.iter().flatten().map(|f| f.components().count()).max().unwrap_or(0);
    let distinct = |depth: usize| {
        let prefixes: BTreeSet<String> =
            folders.iter().flatten().map(|folder| folded(&last_folders(folder, depth))).collect();
        prefixes.len() == folders.len()
    };
    let depth = (0..deepest).find(|depth| distinct(*depth)).unwrap_or(deepest);
    let mut in_folder: BTreeMap<Option<&Path>, usize> = BTreeMap::new();
    group.iter().for_each(|path| *in_folder.entry(path.parent()).or_default() += 1);
    let name_of = |path: &&'a Path| {
        let prefix = path.parent().map(|f| last_folders(f, depth)).unwrap_or_default();
        let own = match path.extension() {
            Some(extension) if in_folder[&path.parent()] > 1 => {
                format!("{}.{}", stem(path), extension.to_string_lossy())
            }
            _ => stem(path),
        };
        (*path, if prefix.is_empty() { own } else { format!("{prefix}-{own}") })
    };
    group.iter().map(name_of).collect()
}

/// The names of the last `depth` folders, joined by hyphens.
fn last_folders(folder: &Path, depth: usize) -> String {
    let names: Vec<String> = folder
        .components()
        .filter(|part| matches!(part, std::path::Component::Normal(_)))
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    names[names.len().saturating_sub(depth)..].join("-")
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A name as the most forgiving file systems compare it: without case, and composed, since macOS
/// decomposes Vietnamese letters.
fn folded(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// The name cut to length, with eight hexadecimal digits that only this path has.
fn hashed(name: &str, path: &str) -> String {
    let hash = sha256_hex(path.as_bytes());
    let end = name.floor_char_boundary(LONGEST - 9);
    format!("{}-{}", &name[..end], &hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str], claims: &[(&str, &str)]) -> Vec<String> {
        let claims =
            claims.iter().map(|(path, name)| ((*path).to_owned(), (*name).to_owned())).collect();
        assign(paths, &claims)
    }

    #[test]
    fn namesakes_are_told_apart() {
        for (paths, expected) in [
            (vec!["/in/plan.pdf"], vec!["plan"]),
            (vec!["/in/a.pdf", "/in/b.pdf"], vec!["a", "b"]),
            // Folders, as few as tell them apart.
            (vec!["/in/a/scan.pdf", "/in/b/scan.pdf"], vec!["a-scan", "b-scan"]),
            (vec!["/x/2/scan.pdf", "/y/2/scan.pdf"], vec!["x-2-scan", "y-2-scan"]),
            (vec!["/scan.pdf", "/in/scan.pdf"], vec!["scan", "in-scan"]),
            // Extensions, where the folder is the same.
            (vec!["/in/plan.pdf", "/in/plan.png"], vec!["plan.pdf", "plan.png"]),
            (
                vec!["/a/plan.pdf", "/a/plan.png", "/b/plan.pdf"],
                vec!["a-plan.pdf", "a-plan.png", "b-plan"],
            ),
            // Case and composition don't tell files apart everywhere.
            (vec!["/a/Scan.pdf", "/b/scan.PDF"], vec!["a-Scan", "b-scan"]),
            (
                vec!["/a/b\u{1ed9}.txt", "/c/bo\u{323}\u{302}.txt"],
                vec!["a-b\u{1ed9}", "c-bo\u{323}\u{302}"],
            ),
        ] {
            assert_eq!(names(&paths, &[]), expected);
        }
    }

    #[test]
    fn what_folders_and_extensions_leave_alike_gets_a_hash() {
        for paths in [
            // A made name meets a given one.
            vec!["/in/a/scan.pdf", "/in/b/scan.pdf", "/in/a-scan.pdf"],
            vec!["/in/Plan.pdf", "/in/plan.pdf"],
            vec!["/a-b/c/x.pdf", "/a/b-c/x.pdf"],
        ] {
            let given = names(&paths, &[]);
            let distinct: BTreeSet<String> = given.iter().map(|name| folded(name)).collect();
            assert_eq!(distinct.len(), paths.len(), "{given:?}");
        }
    }

    #[test]
    fn order_does_not_matter() {
        let paths = ["/in/a/scan.pdf", "/in/b/scan.pdf", "/in/scan.png", "/in/Scan.png", "/q.txt"];
        let mut backwards = paths;
        backwards.reverse();
        let mut given = names(&backwards, &[]);
        given.reverse();
        assert_eq!(names(&paths, &[]), given);
    }

    #[test]
    fn a_name_once_given_stays_and_is_not_given_again() {
        let claims = [("/in/a/scan.pdf", "scan")];
        assert_eq!(names(&["/in/a/scan.pdf"], &claims), ["scan"]);
        assert_eq!(names(&["/in/b/scan.pdf"], &claims), ["b-scan"]);
        assert_eq!(names(&["/in/a/scan.pdf", "/in/b/scan.pdf"], &claims), ["scan", "b-scan"]);
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        let path = format!("/in/{}.pdf", "kế".repeat(60));
        let name = &names(&[&path], &[])[0];
        assert!(name.len() <= LONGEST && name.starts_with("kếkế"), "{name}");
    }
}
