//! Chinese words in a query.

use std::{ops::Range, sync::OnceLock};

use jieba_rs::Jieba;

use super::han::{is_han, runs};

/// Divides Chinese text into words: a dictionary of the language, and the words of the field.
///
/// The dictionary is loaded at the first use, once: a tenth of a second and some 30 MB.
pub struct Segmenter {
    own: Vec<String>,
    jieba: OnceLock<Jieba>,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmenter").field("own", &self.own.len()).field("loaded", &self.jieba.get().is_some()).finish()
    }
}

/// How often a word of the field is said to occur, beside some sixty million words of the dictionary: often enough to stay whole
/// beside its neighbours.
const FREQUENCY: usize = 20_000;

impl Segmenter {
    /// With the field's own folded words: what of them is two Chinese characters or more, and nothing else, stays whole.
    pub fn new(own: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let whole = |word: &String| word.chars().count() > 1 && word.chars().all(is_han);
        Self { own: own.into_iter().map(Into::into).filter(whole).collect(), jieba: OnceLock::new() }
    }

    /// Loads the dictionary now, so that the first query need not wait.
    pub fn warm(&self) {
        self.jieba();
    }

    /// The words of a folded text, in order, as byte ranges; only what is Chinese. Each run of Chinese characters is
    /// covered without gap or overlap.
    pub fn words(&self, folded: &str) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        for run in runs(folded) {
            let mut at = run.start;
            for token in self.jieba().cut(&folded[run], true) {
                words.push(at..at + token.word.len());
                at += token.word.len();
            }
        }
        words
    }

    fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(|| {
            let mut jieba = Jieba::new();
            for word in &self.own {
                jieba.add_word(word, Some(FREQUENCY), None);
            }
            jieba
        })
    }
}

/// Chinese words without weight in this field, in the order of their characters.
const STOPS: &[&str] = &[
    "一种",
    "与",
    "中",
    "之",
    "也",
    "了",
    "产品",
    "什么",
    "以",
    "以及",
    "会做",
    "做",
    "其",
    "其他",
    "分析",
    "判定",
    "包括",
    "参数",
    "及",
    "及其",
    "可以",
    "可做",
    "可检",
    "可测",
    "含",
    "含量",
    "和",
    "哪些",
    "哪家",
    "哪里",
    "在",
    "备注",
    "如何",
    "实验",
    "实验室",
    "对",
    "就",
    "怎么",
    "我们",
    "或",
    "或者",
    "所",
    "找",
    "技术",
    "报告",
    "指标",
    "按",
    "按照",
    "据",
    "搜索",
    "方法",
    "是",
    "是否",
    "有",
    "机构",
    "来",
    "查",
    "查找",
    "查询",
    "标准",
    "样品",
    "样本",
    "根据",
    "检查",
    "检测",
    "检测中心",
    "检验",
    "检验检测",
    "残留",
    "残留量",
    "求",
    "测",
    "测定",
    "测试",
    "测量",
    "浓度",
    "用",
    "由",
    "的",
    "等",
    "类",
    "能",
    "能做",
    "能力",
    "能检",
    "能测",
    "要求",
    "规定",
    "试样",
    "试验",
    "请",
    "请问",
    "谁",
    "进行",
    "采用",
    "里",
    "量",
    "鉴定",
    "限量",
    "需要",
    "项",
    "项目",
    "验证",
];

/// Whether a folded Chinese word carries no weight in this field: 的, 及, 测定, 检测, 方法, 含量. Whether such words are left
/// out is the caller's decision: a query may hold nothing else.
pub fn is_stop(word: &str) -> bool {
    STOPS.contains(&word)
}
