// SPDX-License-Identifier: Apache-2.0
//
// A plug-in of clang-tidy 14, which scripts/lint builds and loads: a check that finds nothing, and lets the others look
// at the project's code alone. By default each of them walks over every header too, the instances of the standard
// library's and GoogleTest's templates included, which is three quarters of their work; what they find there is not
// shown anyway (HeaderFilterRegex).
//
// Walking starts at the translation unit, which is matched before what is in it, and goes on with what the scope names
// (clang's RecursiveASTVisitor.h, TranslationUnitDecl; clangd limits its own in the same way).
#include <clang-tidy/ClangTidyCheck.h>
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#include <clang/AST/ASTContext.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>
#include <clang/Basic/SourceManager.h>

#include <vector>

namespace {

using MatchFinder = clang::ast_matchers::MatchFinder;

class OwnCode : public clang::tidy::ClangTidyCheck {
 public:
  using ClangTidyCheck::ClangTidyCheck;

  void registerMatchers(MatchFinder* finder) override {
    finder->addMatcher(clang::ast_matchers::translationUnitDecl(), this);
  }

  void check(const MatchFinder::MatchResult& found) override {
    const clang::SourceManager& sources = *found.SourceManager;
    std::vector<clang::Decl*> own;
    for (clang::Decl* decl : found.Context->getTranslationUnitDecl()->decls()) {
      const clang::SourceLocation at = sources.getExpansionLoc(decl->getLocation());
      if (at.isValid() && !sources.isInSystemHeader(at)) own.push_back(decl);
    }
    found.Context->setTraversalScope(own);
  }
};

class SallyportModule : public clang::tidy::ClangTidyModule {
 public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories& checks) override {
    checks.registerCheck<OwnCode>("sallyport-own-code");
  }
};

const clang::tidy::ClangTidyModuleRegistry::Add<SallyportModule> kAdded("sallyport", "the project's own checks");

}  // namespace
